"""How long a large RPPS extract takes to import, and how much memory.

    python bench/directory_import.py [--lines 300000] [--folder FOLDER]

Writes an extract made of copies of the sample, each with an RPPS number of its
own, imports it twice with the real command into a new database, and prints
time and peak memory of each. Fails above the goals: 45 s of processor and 170 MB
for 300,000 lines, a second import that changes nothing.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parent.parent
SAMPLE = ROOT / "cpts_net/demo/data/PS_LibreAcces_Personne_activite_dunois.txt"
SECONDS_PER_LINE = 45 / 300_000
MOST_MEGABYTES = 170


def luhn_key(digits: str) -> str:
    doubled = sum(sum(divmod(2 * int(digit), 10)) for digit in digits[::-2])
    return str(-(doubled + sum(map(int, digits[-2::-2]))) % 10)


def write_extract(path: Path, lines: int) -> None:
    """Copies of the sample, with names and numbers of their own."""
    header, *sample = SAMPLE.read_text("utf-8").splitlines()
    people = {line.split("|")[1]: rank for rank, line in enumerate(sample)}
    with path.open("w", encoding="utf-8") as file:
        print(header, file=file)
        for number in range(lines):
            copy, rank = divmod(number, len(sample))
            fields = sample[rank].split("|")
            digits = f"99{copy * len(sample) + people[fields[1]]:08}"
            fields[1] = digits + luhn_key(digits)
            fields[2] = f"8{fields[1]}"
            fields[7] = f"{fields[7]}-{sample[copy % len(sample)].split('|')[7]}"
            print("|".join(fields), file=file)


def import_file(path: Path, data: Path) -> tuple[float, float, float, str]:
    """Seconds, seconds of processor, peak megabytes and output of one import by the real command."""
    environment = {**os.environ, "CPTS_DATA": str(data)}
    command = [sys.executable, "-m", "cpts_net"]
    subprocess.run([*command, "db", "upgrade"], cwd=ROOT, env=environment, check=True, capture_output=True)
    start = time.perf_counter()
    process = subprocess.Popen(
        [*command, "directory", "import", str(path)], cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True
    )
    output = process.stdout.read() if process.stdout else ""
    _, status, usage = os.wait4(process.pid, 0)
    assert status == 0, output
    seconds, processor = time.perf_counter() - start, usage.ru_utime + usage.ru_stime
    return seconds, processor, usage.ru_maxrss / (1024 if sys.platform == "linux" else 1024**2), output


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--lines", type=int, default=300_000)
    parser.add_argument("--folder", type=Path, default=None, help="where to write; removed at the end otherwise")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = given.folder or Path(temporary)
        extract = folder / "extract.txt"
        write_extract(extract, given.lines)
        print(f"{given.lines} lines, {extract.stat().st_size / 1e6:.0f} MB")
        failures = 0
        for turn in ("first", "second"):
            seconds, processor, megabytes, output = import_file(extract, folder / "data")
            counts = ", ".join(output.splitlines())
            print(f"{turn} import: {seconds:.1f} s ({processor:.1f} s of processor), {megabytes:.0f} MB; {counts}")
            failures += processor > given.lines * SECONDS_PER_LINE or megabytes > MOST_MEGABYTES
            failures += turn == "second" and not output.startswith("created: 0\nupdated: 0\n")
    sys.exit(failures)


if __name__ == "__main__":
    main()
