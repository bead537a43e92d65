#!/bin/sh
# Called by ippeveprinter for each document: $1 is the file, IPP_JOB_NAME the
# job. Messages on stderr with STATE: and ATTR: set the printer's state.
faults="$HALLPASS_PRINTER/faults"
badges="$HALLPASS_PRINTER/badges"
shown="?"
turn=0

# ippeveprinter lets its command finish a canceled job; a real printer stops.
canceled() {
	ipptool -c "$IPP_JOB_URI" "$HALLPASS_PRINTER/job.ipp" 2>/dev/null | grep -q processing-to-stop-point
}

while :; do
	words=$(tr -s '\n ' '  ' 2>/dev/null <"$faults")
	case " $words " in
	*" abort "*)
		echo "STATE: none" >&2
		echo "ERROR: asked to abort" >&2
		exit 1
		;;
	esac
	state=""
	waiting=no
	for word in $words; do
		case $word in
		*-low | *-almost-full) ;; # it prints all the same
		*) waiting=yes ;;
		esac
		[ "$word" = hold ] || state="$state,$word"
	done
	state=${state#,}
	if [ "$state" != "$shown" ]; then
		echo "STATE: ${state:-none}" >&2
		shown=$state
	fi
	if [ $waiting = no ]; then
		[ $turn -gt 0 ] && canceled && exit 1
		break
	fi
	turn=$((turn + 1))
	if [ $((turn % 10)) = 0 ] && canceled; then
		echo "STATE: none" >&2
		exit 1
	fi
	kill -0 "$PPID" 2>/dev/null || exit 1 # the printer was switched off
	sleep 0.05
done
name=$(printf %s "${IPP_JOB_NAME:-job}" | tr -c 'A-Za-z0-9._-' _)
file="$badges/$name.pdf"
again=2
while [ -e "$file" ]; do
	file="$badges/$name.$again.pdf"
	again=$((again + 1))
done
cp "$1" "$file.part" && mv "$file.part" "$file" || exit 1
echo "ATTR: job-impressions=1 job-impressions-completed=1" >&2
