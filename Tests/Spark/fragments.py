#!/usr/bin/env python3
"""Runs the plan of `kinescope batch plan` on Apache Spark: one task for each split, fetched where the task runs.

    kinescope batch plan lobby --from -24h --splits 64 > plan.jsonl
    spark-submit fragments.py plan.jsonl result.jsonl

Each task fetches its split by `kinescope batch fetch`, and describes its fragments by `kinescope inspect --json`. The
result has one line for each fragment: its number, its frames, their bytes, and a hash over the frames. A task that
Spark runs again, since its executor was lost, fetches its split again; what the driver gets holds each fragment once.

--master      where to run; default local-cluster[2,1,1024], two executors in processes of their own.
--lose-executor SPLIT
              the first attempt at this split kills its executor after the fetch, as a lost machine would.
"""
import argparse
import hashlib
import json
import os
import pathlib
import signal
import subprocess
import sys
import tempfile


def kinescope(arguments, **options):
    """Runs the program, which is on the path of every machine or named by KINESCOPE."""
    program = os.environ.get("KINESCOPE", "kinescope")
    ended = subprocess.run([program, *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE, **options)
    if ended.returncode != 0:
        # The task fails, and Spark runs it again elsewhere.
        raise RuntimeError(f"kinescope {arguments[0]}: {ended.stderr.decode(errors='replace').strip()}")
    return ended.stdout


def parent(process):
    """The number of a process's parent; the name in the file may hold spaces and brackets."""
    return int(pathlib.Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[1])


def lose_executor():
    """Kills the executor that this task runs in: the Java process that Spark's Python processes descend from."""
    process = os.getppid()
    while pathlib.Path(f"/proc/{process}/comm").read_text().strip() != "java":
        process = parent(process)
    os.kill(process, signal.SIGKILL)


def describe(line, lost_split):
    """The fragments of one split, as rows."""
    from pyspark import TaskContext

    context = TaskContext.get()
    split = json.loads(line)
    with tempfile.TemporaryDirectory() as folder:
        media = os.path.join(folder, "split.mkv")
        kinescope(["batch", "fetch", "-", "-o", media], input=line.encode())
        if split["split"] == lost_split and context.attemptNumber() == 0:
            lose_executor()
        for report in map(json.loads, kinescope(["inspect", "--json", media]).splitlines()):
            digest = hashlib.sha256("".join(frame["sha256"] for frame in report["frames"]).encode())
            yield {
                "fragmentNumber": report["fragmentNumber"],
                "producerTimestamp": report["producerTimestamp"],
                "frames": len(report["frames"]),
                "bytes": sum(frame["size"] for frame in report["frames"]),
                "sha256": digest.hexdigest(),
                "split": split["split"],
                "attempt": context.attemptNumber(),
                "executor": parent(os.getppid()),
            }


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("plan")
    parser.add_argument("result")
    parser.add_argument("--master", default="local-cluster[2,1,1024]")
    parser.add_argument("--lose-executor", type=int, metavar="SPLIT")
    options = parser.parse_args()

    from pyspark.sql import SparkSession

    splits = pathlib.Path(options.plan).read_text().splitlines()
    builder = SparkSession.builder.master(options.master).appName("kinescope batch")
    # A lost executor is no fault of the task's.
    builder = builder.config("spark.task.maxFailures", "8").config("spark.ui.enabled", "false")
    program = os.environ.get("KINESCOPE", "kinescope")
    spark = builder.config("spark.executorEnv.KINESCOPE", program).getOrCreate()
    try:
        lost = options.lose_executor
        rows = spark.sparkContext.parallelize(splits, max(1, len(splits))).flatMap(lambda line: describe(line, lost))
        found = rows.collect()
    finally:
        spark.stop()

    planned = [number for split in map(json.loads, splits) for number in split["fragments"]]
    if sorted(row["fragmentNumber"] for row in found) != sorted(planned):
        sys.exit(f"{len(planned)} fragments were planned, {len(found)} came")
    with open(options.result, "w") as result:
        for row in sorted(found, key=lambda row: row["fragmentNumber"]):
            print(json.dumps(row), file=result)
    executors = len({row["executor"] for row in found})
    print(f"{len(found)} fragments of {len(splits)} splits, each once, by {executors} executors")


if __name__ == "__main__":
    main()
