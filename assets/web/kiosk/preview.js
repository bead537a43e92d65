// The visitor's badge as it will be printed, drawn by the kiosk: seen before
// paper is spent on it.
import { blob } from "../api.js";

// preview gets the picture of what the visitor has entered and calls shown once
// it is there; a picture of the same entries is not asked for again. Without an
// answer the drawing stays.
export async function preview({ visitor }, signal, shown) {
  const body = { fields: visitor.fields, category: visitor.category };
  const of = JSON.stringify(body);
  if (visitor.picture?.of === of) return;
  dropPicture(visitor);
  try {
    const { file, headers } = await blob("POST", "previews", body, { signal });
    const bitmap = await createImageBitmap(file);
    if (signal.aborted) {
      bitmap.close();
      return;
    }
    visitor.picture = { of, bitmap, missing: decodeURIComponent(headers.get("Hallpass-Missing") ?? "") };
    shown();
  } catch {
    // No preview is no reason to stop anybody.
  }
}

// dropPicture forgets the picture (P7).
export function dropPicture(visitor) {
  visitor.picture?.bitmap.close();
  visitor.picture = null;
}

// canvas shows the picture, or null while there is none.
export function canvas({ visitor }) {
  if (!visitor.picture) return null;
  const { bitmap } = visitor.picture;
  const node = document.createElement("canvas");
  node.width = bitmap.width;
  node.height = bitmap.height;
  node.getContext("2d").drawImage(bitmap, 0, 0);
  return node;
}
