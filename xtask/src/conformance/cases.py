"""Runs the cases against the server at argv[1] and prints a line for each: id, verdict, verdict on the
close, close code, and what the suite says, with tabs between them."""

import asyncio
import sys

from kosoku import FailureError, run_fuzzingclient

# Compression, which is not offered.
EXCLUDED = ["12.*", "13.*"]


async def run(address):
    try:
        return await run_fuzzingclient(address, None, EXCLUDED, concurrency=2)
    except FailureError as failure:
        return failure.results


for case in asyncio.run(run(sys.argv[1])):
    said = " ".join(f"{case.result} {case.result_close}".split())
    print(case.case_id, case.behavior.value, case.behavior_close.value, case.remote_close_code, said, sep="\t")
