// Package tiny is a tree to plant mutants in: its test notices what is wrong with Sum, but not with Most.
package tiny

// Sum returns the sum of the numbers below n.
func Sum(n int) (sum int) {
	for i := 0; i < n; i++ {
		sum += i
	}
	return sum
}

// Most returns the greater one.
func Most(a, b int) int {
	if a < b {
		return b
	}
	return a
}
