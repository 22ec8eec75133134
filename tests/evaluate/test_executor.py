"""Jobs of one lane run in turn, lanes side by side; nothing is lost, nothing hangs."""

import threading
import time
from collections.abc import Iterator

import pytest

from elige.evaluate.executor import ThreadExecutor
from elige.records import Candidate, Failure, Job, ModelRef, RefKind, Result


def job(name: str, lane: str, samples: tuple[int, ...] = (0,)) -> Job:
    ref = ModelRef(text=name, kind=RefKind.ECHO, location=name)
    return Job(candidate=Candidate(name=name, ref=ref), samples=samples, lane=lane)


def result(job: Job, index: int) -> Result:
    return Failure(candidate=job.candidate.name, sample=str(index), why="")


def each_sample(job: Job) -> Iterator[Result]:
    for index in job.samples:
        yield result(job, index)


def test_every_result_of_every_job_arrives() -> None:
    jobs = [job(f"c{i}", f"lane{i % 3}", tuple(range(7))) for i in range(9)]
    seen = [(j.candidate.name, r.sample) for j, r in ThreadExecutor().run(jobs, each_sample)]
    assert sorted(seen) == sorted((j.candidate.name, str(s)) for j in jobs for s in j.samples)


def test_jobs_of_one_lane_never_overlap() -> None:
    inside, most = 0, 0
    guard = threading.Lock()

    def work(job: Job) -> Iterator[Result]:
        nonlocal inside, most
        with guard:
            inside += 1
            most = max(most, inside)
        time.sleep(0.01)
        with guard:
            inside -= 1
        yield result(job, 0)

    list(ThreadExecutor().run([job(f"c{i}", "local") for i in range(5)], work))
    assert most == 1


def test_lanes_run_side_by_side() -> None:
    meeting = threading.Barrier(3, timeout=5)

    def work(job: Job) -> Iterator[Result]:
        meeting.wait()
        yield result(job, 0)

    assert len(list(ThreadExecutor().run([job(str(i), str(i)) for i in range(3)], work))) == 3


def test_an_error_in_the_work_is_raised_to_the_caller() -> None:
    def work(job: Job) -> Iterator[Result]:
        yield result(job, 0)
        raise RuntimeError("broken")

    with pytest.raises(RuntimeError, match="broken"):
        list(ThreadExecutor().run([job("a", "a")], work))


def test_closing_the_stream_stops_the_lanes() -> None:
    done = []

    def work(job: Job) -> Iterator[Result]:
        for index in range(1000):
            done.append(index)
            time.sleep(0.001)
            yield result(job, index)

    stream = ThreadExecutor().run([job("a", "a")], work)
    next(stream)
    stream.close()
    count = len(done)
    time.sleep(0.05)
    assert count == len(done) < 1000


def test_no_jobs_give_no_results() -> None:
    assert list(ThreadExecutor().run([], each_sample)) == []


def test_halting_ends_a_run_that_waits_for_a_silent_worker() -> None:
    silent = threading.Event()

    def work(job: Job) -> Iterator[Result]:
        yield result(job, 0)
        silent.wait(60)

    executor = ThreadExecutor()
    threading.Timer(0.2, executor.halt).start()
    started = time.monotonic()
    assert len(list(executor.run([job("a", "a")], work))) == 1
    executor.close()
    executor.close()
    assert time.monotonic() - started < 4
    assert list(executor.run([job("a", "a")], work)) == []
    silent.set()


def test_an_error_in_one_lane_does_not_wait_for_a_silent_other() -> None:
    silent = threading.Event()

    def work(job: Job) -> Iterator[Result]:
        if job.lane == "silent":
            silent.wait(60)
        yield result(job, 0)
        raise RuntimeError("broken")

    started = time.monotonic()
    with pytest.raises(RuntimeError, match="broken"):
        list(ThreadExecutor().run([job("a", "a"), job("b", "silent")], work))
    assert time.monotonic() - started < 3
    silent.set()


def test_an_executor_runs_batch_after_batch() -> None:
    executor = ThreadExecutor()
    rounds = [len(list(executor.run([job("a", "a"), job("b", "b")], each_sample))) for _ in "123"]
    assert rounds == [2, 2, 2]


def test_work_left_in_the_middle_is_closed() -> None:
    closed = threading.Event()

    def work(job: Job) -> Iterator[Result]:
        try:
            for index in range(1000):
                yield result(job, index)
                time.sleep(0.001)
        finally:
            closed.set()

    stream = ThreadExecutor().run([job("a", "a")], work)
    next(stream)
    stream.close()
    assert closed.is_set()


def test_halting_hands_over_what_is_ready_and_no_more() -> None:
    ready = threading.Event()

    def work(job: Job) -> Iterator[Result]:
        for index in range(1_000_000):
            if index == 5:
                ready.set()
            yield result(job, index)

    executor = ThreadExecutor()
    stream = executor.run([job("a", "a")], work)
    next(stream)
    ready.wait(5)
    executor.halt()
    assert 4 <= len(list(stream)) < 999_999
