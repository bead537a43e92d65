package pixels

// AddLight adds up by numbers of a row for each sum: light must hold by times as
// many as sums.
func AddLight(sums []uint32, light []byte, by int) {
	if by == 2 { // 12 megapixels, as most phones have
		for x := range sums {
			two := light[2*x:][:2]
			sums[x] += uint32(two[0]) + uint32(two[1])
		}
		return
	}
	for x := range sums {
		for _, v := range light[x*by:][:by] {
			sums[x] += uint32(v)
		}
	}
}
