"""What some of the rows of this folder's table take in Python's asyncio. It needs Python 3.11 and nothing else:

    python3 internal/bench/asyncio_peer.py [rounds]

Each case runs in turn, several rounds; the medians are printed as a Markdown table. Another language, another runtime: the figures say what
a program has to reckon with there, not which library is better made.
"""

import asyncio
import statistics
import sys
import time


async def nothing():
    return None


async def pause():
    await asyncio.sleep(0.001)


async def gather(n):
    await asyncio.gather(*(nothing() for _ in range(n)))


async def task_group(n):
    async with asyncio.TaskGroup() as group:
        for _ in range(n):
            group.create_task(nothing())


async def as_completed(n):
    for done in asyncio.as_completed([nothing() for _ in range(n)]):
        await done


async def wait_first_completed(n):
    """Takes whatever is done, until nothing is left; each wait looks at all that are left."""
    pending = {asyncio.create_task(pause()) for _ in range(n)}
    while pending:
        _, pending = await asyncio.wait(pending, return_when=asyncio.FIRST_COMPLETED)


async def wait_one_by_one(n):
    """The same for tasks that end one after the other: the quadratic case."""
    gates = [asyncio.Event() for _ in range(n)]

    async def chained(i):
        await gates[i].wait()
        if i + 1 < n:
            gates[i + 1].set()

    pending = {asyncio.create_task(chained(i)) for i in range(n)}
    gates[0].set()
    while pending:
        _, pending = await asyncio.wait(pending, return_when=asyncio.FIRST_COMPLETED)


async def cancel(n):
    tasks = [asyncio.create_task(asyncio.sleep(3600)) for _ in range(n)]
    await asyncio.sleep(0)
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


CASES = [
    ("gather, empty tasks", gather, 1_000),
    ("gather, empty tasks", gather, 100_000),
    ("TaskGroup, empty tasks", task_group, 1_000),
    ("TaskGroup, empty tasks", task_group, 100_000),
    ("as_completed, empty tasks", as_completed, 1_000),
    ("as_completed, empty tasks", as_completed, 100_000),
    ("wait(FIRST_COMPLETED) until none is left, tasks that sleep 1 ms", wait_first_completed, 10_000),
    ("wait(FIRST_COMPLETED) until none is left, one after the other", wait_one_by_one, 1_000),
    ("wait(FIRST_COMPLETED) until none is left, one after the other", wait_one_by_one, 4_000),
    ("cancel blocked tasks", cancel, 10_000),
]


def main():
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    if rounds < 1:
        sys.exit("asyncio_peer: needs at least one round")
    took = {case: [] for case in CASES}
    for _ in range(rounds):
        for case in CASES:
            _, f, n = case
            start = time.perf_counter()
            asyncio.run(f(n))
            took[case].append((time.perf_counter() - start) * 1e9 / n)
    print(f"Python {sys.version.split()[0]}, {rounds} rounds\n")
    print("| case | tasks | ns/task |")
    print("|---|---|---|")
    for case in CASES:
        print(f"| {case[0]} | {case[2]:,} | {statistics.median(took[case]):,.0f} |")


if __name__ == "__main__":
    main()
