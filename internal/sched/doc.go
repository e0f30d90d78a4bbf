// Package sched is the seam between the machine and all that orders goroutines: atomic words, locks, waiting, starting a goroutine, the
// clock. In a normal build it is nothing but other names for what sync, sync/atomic, time and the go statement offer.
//
// Under the build tag explore the same names stand for words and locks of its own. [Explore] then runs a small program of several
// goroutines again and again, one goroutine at a time, and decides itself at each of these operations who goes on: until every
// schedule with no more than a given number of preemptions has been had. A schedule in which an assertion fails, or nobody can go on,
// is printed step by step.
//
// The memory of Go's atomics is sequentially consistent, so that taking turns shows everything that can be seen through them; what a program
// would see because of a data race, the race detector has to find.
package sched
