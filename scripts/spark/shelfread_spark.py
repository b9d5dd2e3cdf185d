#!/usr/bin/env python3
"""shelfread_spark.py EXPORT... -o REPORT: what `shelfread check` does, spread over an Apache Spark cluster.

Exports are JSON Lines (plain or gzip), or Parquet files of one document per row, which are written as JSON Lines beside the
report first, in `REPORT.exports/`, since reports name lines. The report is that of a run on one machine. All
decisions are made by the program `shelfread`, which every executor runs as a filter (`shelfread stage NAME`); here rows are
only sorted, joined and counted. See docs/spark.md.
"""
import argparse
import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time

import pyarrow as pa
import pyarrow.parquet as pq
from pyspark import SparkFiles, TaskContext
from pyspark.sql import SparkSession
from pyspark.sql import functions as F

# Kinds of rows, see src/stage/rows.rs.
RECORD, MEMBER, CROWDED, TITLE, TITLE_BACKWARDS, PAIR, NEAR_KEYS, BORDER, LARGE_BLOCK, COUNTS = range(10)
MERGE, REVIEW, RELATED, NEAR_MISS, REJECT, UNIT, IN_ORDER, HUGE_BLOCK = range(10, 18)
DOCUMENT, PROPOSAL, CLUSTER, CUT = range(20, 24)
AUDIT, FINDINGS, FEATURES, AUDITED, END = range(30, 35)
COUNTED_NEAR = 3

ROW = "kind int, a bigint, b bigint, record bigint, numbers array<bigint>, texts array<string>, bytes binary"
SCHEMA = pa.schema([
    pa.field("kind", pa.int32()), pa.field("a", pa.int64()), pa.field("b", pa.int64()), pa.field("record", pa.int64()),
    pa.field("numbers", pa.list_(pa.field("element", pa.int64()))),
    pa.field("texts", pa.list_(pa.field("element", pa.string()))), pa.field("bytes", pa.binary()),
])
BOM = b"\xef\xbb\xbf"


def fitted(batch):
    """A batch or table whose columns are those of all streams, whatever it says of nulls."""
    columns = [batch.column(field.name).cast(field.type) for field in SCHEMA]
    return pa.RecordBatch.from_arrays(columns, schema=SCHEMA)


def engine_file(name):
    """The program on this executor: shipped by --files or by the driver."""
    path = SparkFiles.get(name)
    if not os.access(path, os.X_OK):
        os.chmod(path, 0o755)
    return path


def through(program, stage, *args):
    """A function for mapInArrow: the rows of a partition through a stage, which is started once."""
    def run(batches):
        arguments = [engine_file(program), "stage", stage]
        for arg in args:
            # A settings file travels like the program.
            arguments.append(SparkFiles.get(arg[1:]) if arg.startswith("@") else arg)
        if stage == "near":
            arguments += ["--part", str(TaskContext.get().partitionId())]
        failed = []
        with tempfile.TemporaryFile() as errors:
            process = subprocess.Popen(arguments, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=errors)

            def feed():
                try:
                    with pa.ipc.new_stream(process.stdin, SCHEMA) as stream:
                        for batch in batches:
                            stream.write_batch(fitted(batch))
                except BrokenPipeError:
                    pass  # The program has ended before its input: its exit code and its words say why.
                except BaseException as error:
                    failed.append(error)
                    process.kill()
                finally:
                    try:
                        process.stdin.close()
                    except OSError:
                        pass

            feeder = threading.Thread(target=feed, daemon=True)
            feeder.start()
            try:
                try:
                    with pa.ipc.open_stream(process.stdout) as stream:
                        yield from stream
                except pa.ArrowInvalid as error:
                    failed.append(error)
                feeder.join()
                status = process.wait()
                errors.seek(0)
                words = errors.read().decode(errors="replace").strip()
                if status != 0:
                    raise RuntimeError(f"shelfread stage {stage} ended with {status}: {words}")
                if failed:
                    raise failed[0]
            finally:
                if process.poll() is None:
                    process.kill()
                    process.wait()
    return run


def rows(frame, kind=0, a=0, b=0, record=0, numbers=None, texts=None, bytes=None):
    """A frame with the columns of all streams; each is a column, a name, or a number."""
    def column(value, of):
        return (F.col(value) if isinstance(value, str) else F.lit(value) if isinstance(value, int) else value).cast(of)
    empty = F.array().cast
    return frame.select(
        column(kind, "int").alias("kind"), column(a, "bigint").alias("a"), column(b, "bigint").alias("b"),
        column(record, "bigint").alias("record"),
        (empty("array<bigint>") if numbers is None else column(numbers, "array<bigint>")).alias("numbers"),
        (empty("array<string>") if texts is None else column(texts, "array<string>")).alias("texts"),
        (F.unhex(F.lit("")) if bytes is None else column(bytes, "binary")).alias("bytes"))


def of_kind(frame, *kinds):
    return frame.where(F.col("kind").isin(*kinds))


class Job:
    def __init__(self, args):
        self.args = args
        self.started = time.time()
        builder = SparkSession.builder.appName(f"shelfread {os.path.basename(args.exports[0])}")
        builder = builder.config("spark.sql.adaptive.enabled", "false")
        builder = builder.config("spark.sql.files.maxPartitionBytes", str(args.unit_bytes))
        # A row of an audit is some megabytes, so batches are small in number of rows.
        builder = builder.config("spark.sql.execution.arrow.maxRecordsPerBatch", "4096")
        builder = builder.config("spark.sql.parquet.compression.codec", "zstd")
        # Blocks are whole in one partition; nothing is broadcast by Spark's own guess.
        builder = builder.config("spark.sql.autoBroadcastJoinThreshold", "-1")
        self.spark = builder.getOrCreate()
        self.context = self.spark.sparkContext
        self.context.setLogLevel("ERROR")
        self.program = os.path.basename(args.engine)
        self.context.addFile(os.path.abspath(args.engine))
        self.config = []
        if args.config:
            self.context.addFile(os.path.abspath(args.config))
            self.config = ["--config", "@" + os.path.basename(args.config)]
        self.n = args.partitions or max(2 * self.context.defaultParallelism, 2)
        self.seconds = {}

    # Checkpoints

    def made_of(self):
        """What everything follows from: program, settings, exports as they are now."""
        version = subprocess.run([self.args.engine, "--version"], check=True, capture_output=True).stdout
        digest = hashlib.sha256(version)
        with open(self.args.engine, "rb") as engine:
            digest.update(hashlib.file_digest(engine, "sha256").digest())
        if self.args.config:
            digest.update(open(self.args.config, "rb").read())
        for path in self.args.exports:
            state = os.stat(path)
            digest.update(f"{path} {state.st_size} {state.st_mtime_ns}\n".encode())
        digest.update(f"{self.args.unit_bytes} {self.n}".encode())
        return digest.hexdigest()

    def open_checkpoints(self):
        """The folder of checkpoints; what is there is used only if it was made of the same by the same."""
        folder = self.args.checkpoints
        self.made = self.made_of()
        mark = os.path.join(folder, "made_of")
        if os.path.exists(folder):
            known = open(mark).read() if os.path.exists(mark) else None
            if known is None and os.listdir(folder):
                sys.exit(f"{folder} is no folder of checkpoints; name another one with --checkpoints")
            if known is not None and self.args.resume and known != self.made:
                sys.exit(f"the checkpoints in {folder} were made of other exports, with another configuration, by another "
                         "version of shelfread, or with other --partitions: leave --resume out to make them anew")
            if not self.args.resume:
                shutil.rmtree(folder)
        os.makedirs(folder, exist_ok=True)
        with open(mark, "w") as out:
            out.write(self.made)

    def path(self, name):
        return os.path.join(os.path.abspath(self.args.checkpoints), name)

    def step(self, name, make):
        """A frame that is written before anything is made of it, and read again by a run that goes on."""
        path = self.path(name)
        if not os.path.exists(os.path.join(path, "_SUCCESS")):
            start = time.time()
            self.context.setJobDescription(f"shelfread: {name}")
            make().write.mode("overwrite").parquet("file://" + path)
            self.seconds[name] = time.time() - start
            print(f"{time.time() - self.started:8.1f} s  {name}", file=sys.stderr)
        return self.spark.read.parquet("file://" + path)

    def stage(self, frame, name, *args):
        return frame.mapInArrow(through(self.program, name, *self.config, *args), ROW)

    # Steps

    def lines(self):
        """The lines of all exports: `a` file, `b` where the unit begins, in order within a unit."""
        frames = []
        for number, path in enumerate(self.args.exports):
            url = "file://" + os.path.abspath(path)
            frame = self.spark.read.format("text").option("lineSep", "\n").load(url)
            frame = frame.select("value", F.col("_metadata.file_block_start").alias("start"))
            frames.append(rows(frame, a=number, b="start", bytes=F.col("value").cast("binary")))
        whole = frames[0]
        for frame in frames[1:]:
            whole = whole.unionAll(frame)
        return whole

    def bases(self, keys):
        """Per unit: records, lines and bytes before it; and the units in their order."""
        units = sorted((row.a, row.b, list(row.numbers)) for row in of_kind(keys, UNIT).collect())
        bases = []
        n_records = 0
        for number, path in enumerate(self.args.exports):
            n_lines = n_bytes = 0
            own = [unit for unit in units if unit[0] == number]
            with open(path, "rb") as file:
                start = file.read(3)
            is_plain = not start.startswith((b"\x1f\x8b", b"\x28\xb5\x2f"))
            if is_plain:
                lost = os.path.getsize(path) - sum(unit[2][2] for unit in own)
                if lost == 3 or (lost == 2 and start == BOM):
                    n_bytes = 3  # Spark has taken the byte order mark away.
                elif lost not in (0, -1):
                    sys.exit(f"{path}: {lost} bytes of it were not read; has it changed meanwhile?")
            for a, b, (of_records, of_lines, of_bytes, _, _) in own:
                bases.append((a, b, n_records, n_lines, n_bytes))
                n_records += of_records
                n_lines += of_lines
                n_bytes += of_bytes
        frame = self.spark.createDataFrame(bases, "a bigint, b bigint, base bigint, base_line bigint, base_byte bigint")
        return F.broadcast(frame)

    def run(self):
        self.open_checkpoints()
        n = self.n
        lines = self.lines()
        keys = self.step("keys", lambda: lines.mapInArrow(through(self.program, "keys"), ROW))
        audit = self.step("audit", lambda: self.stage(lines, "audit"))
        bases = self.bases(keys)
        placed = keys.join(bases, ["a", "b"]).withColumn("number", F.col("record") + F.col("base"))
        records = of_kind(placed, RECORD)
        features = records.select(F.col("number").alias("record"), "bytes")

        def keyed():
            each = records.select(F.col("number").alias("record"), F.expr("slice(numbers, 4, size(numbers) - 3)").alias("key"),
                                  F.expr("slice(texts, 4, size(texts) - 3)").alias("text"))
            each = each.select("record", F.explode(F.arrays_zip("key", "text")).alias("z"))
            each = each.select("record", F.col("z.key").alias("key"), F.col("z.text").alias("text"))
            each = each.repartition(n, "key").sortWithinPartitions("key", "record")
            texts = F.when(F.col("text") == "", F.array().cast("array<string>")).otherwise(F.array("text"))
            return rows(each, a="key", record="record", texts=texts)

        blocks = self.step("blocks", lambda: self.stage(keyed(), "blocks"))
        members = of_kind(blocks, MEMBER).select("a", "record")

        def crowded():
            huge = F.broadcast(of_kind(blocks, HUGE_BLOCK).select("a", F.lit(1).alias("huge")))
            each = of_kind(blocks, CROWDED).select("a", "record").join(huge, "a", "left").join(features, "record")
            return rows(each, kind=CROWDED, a="a", b=F.coalesce("huge", F.lit(0)), record="record", bytes="bytes")

        # Huge blocks are salted with what they are divided by first, so that no executor holds one.
        pieces = self.step("pieces", lambda: crowded().mapInArrow(through(self.program, "pieces"), ROW))
        whole = of_kind(pieces, CROWDED).repartition(n, "a", "b").sortWithinPartitions("a", "b", "record")
        divided = self.step("divided", lambda: self.stage(whole, "divide"))
        ordered = of_kind(blocks.unionAll(pieces), TITLE, TITLE_BACKWARDS, IN_ORDER)
        ordered = ordered.repartitionByRange(n, "kind", "a", "bytes").sortWithinPartitions("kind", "a", "bytes")
        near = self.step("near", lambda: self.stage(ordered, "near"))
        ends = lambda: of_kind(near, BORDER).repartition(1).sortWithinPartitions("record", "a", "b")
        borders = self.step("borders", lambda: self.stage(ends(), "near"))

        def memberships():
            whole = members.unionAll(of_kind(divided, MEMBER).select("a", "record"))
            found = divided.unionAll(near).unionAll(borders)
            pairs = of_kind(found, PAIR).select("a", "b").distinct()
            kind = F.lit(PAIR).alias("kind")
            each = whole.select(F.lit(MEMBER).alias("kind"), "a", F.lit(0).cast("bigint").alias("b"), "record")
            each = each.unionAll(pairs.select(kind, "a", "b", F.col("a").alias("record")))
            each = each.unionAll(pairs.select(kind, "a", "b", F.col("b").alias("record")))
            each = each.groupBy("record").agg(F.collect_list(F.struct("kind", "a", "b")).alias("groups"))
            own = F.expr(f"array_sort(transform(filter(groups, g -> g.kind = {MEMBER}), g -> g.a))")
            each = each.join(features, "record").select("record", "bytes", own.alias("numbers"), F.explode("groups").alias("g"))
            each = each.select("record", "bytes", "numbers", "g.kind", "g.a", "g.b")
            each = each.repartition(n, "kind", "a", "b").sortWithinPartitions("kind", "a", "b", "record")
            return rows(each, "kind", "a", "b", "record", numbers="numbers", bytes="bytes")

        scored = self.step("scored", lambda: self.stage(memberships(), "score"))
        matches = of_kind(scored, MERGE, REVIEW).select("kind", "a", "b")
        components = self.components(matches.select("a", "b").distinct())

        places = self.step("places", lambda: rows(
            records.repartitionByRange(n, "number").sortWithinPartitions("number"), kind=RECORD, record="number",
            numbers=F.array("a", F.element_at("numbers", 1) + F.col("base_line"),
                            F.element_at("numbers", 2) + F.col("base_byte"), F.element_at("numbers", 3)),
            texts=F.slice("texts", 1, 1)))
        report = Report(self, keys, bases, audit)
        findings = report.judge()
        proposed = self.step("proposed", lambda: self.propose(lines, records, places, matches, components, findings))
        report.rest(blocks, divided, near, borders, scored, proposed, features)
        report.finish()
        self.tables(proposed, scored)
        print(f"{time.time() - self.started:8.1f} s  report: {self.args.output}", file=sys.stderr)
        with open(self.path("seconds.json"), "w") as out:
            json.dump({"whole": time.time() - self.started, **self.seconds}, out, indent=1)

    # Components

    def components(self, edges):
        """Per record of a match the least record that matches lead to."""
        method = self.args.components
        if method == "auto":
            method = "driver" if edges.count() <= self.args.driver_edges else "spark"
        if method == "driver":
            return self.step("components", lambda: self.on_driver(edges))
        return self.alternating(edges)

    def on_driver(self, edges):
        table = edges.toArrow()
        parent = {}

        def find(x):
            while True:
                up = parent.setdefault(x, x)
                if up == x:
                    return x
                parent[x] = parent[up]
                x = parent[up]

        for a, b in zip(table["a"].to_pylist(), table["b"].to_pylist()):
            a, b = find(a), find(b)
            parent[max(a, b)] = min(a, b)
        found = pa.table({"record": pa.array(list(parent), pa.int64()),
                          "component": pa.array([find(x) for x in parent], pa.int64())})
        return self.spark.createDataFrame(found)

    def alternating(self, edges):
        """Large-star and small-star by turns (Kiveris and others 2014), until no edge changes: every record then has an
        edge to the least one of its component."""
        edges = edges.select(F.col("a").alias("u"), F.col("b").alias("v"))
        before = None
        for turn in range(100):
            current = edges

            def star():
                both = current.unionAll(current.select(F.col("v").alias("u"), F.col("u").alias("v")))
                least = both.groupBy("u").agg(F.min("v").alias("m")).select("u", F.least("u", "m").alias("m"))
                large = both.where("v > u").join(least, "u").select(F.col("v").alias("u"), F.col("m").alias("v"))
                large = large.where("u <> v").distinct()
                # Now the smaller neighbours: each is hung on the least of them.
                down = large.select(F.greatest("u", "v").alias("u"), F.least("u", "v").alias("v")).distinct()
                least = down.groupBy("u").agg(F.min("v").alias("m"))
                small = down.join(least, "u").where("v <> m").select(F.col("v").alias("u"), F.col("m").alias("v"))
                return small.unionAll(least.select("u", F.col("m").alias("v"))).distinct()

            edges = self.step(f"components_{turn}", star)
            state = edges.agg(F.count("*"), F.sum(F.xxhash64("u", "v").cast("decimal(38,0)"))).first()
            if state == before:
                break
            before = state
        found = edges.select(F.col("u").alias("record"), F.col("v").alias("component"))
        return found.unionAll(found.select(F.col("component").alias("record"), "component").distinct())

    # Proposals

    def propose(self, lines, records, places, matches, components, findings):
        """The documents of all members, brought together with their matches by component."""
        at = records.select(F.col("number").alias("record"), "a", "b", F.element_at("numbers", 1).alias("line"))
        own = places.select("record", "numbers")
        wanted = components.join(at, "record").join(own, "record").join(findings, "record", "left")
        wanted = wanted.select("a", "b", "line", "record", "component",
                               F.concat("numbers", F.array(F.coalesce("n", F.lit(0)).cast("bigint"))).alias("numbers"))
        per_unit = wanted.groupBy("a", "b").agg(F.sort_array(F.collect_list("line")).alias("lines")).toArrow()
        units = {}
        for a, b, lines_of in zip(per_unit["a"].to_pylist(), per_unit["b"].to_pylist(), per_unit["lines"]):
            units[a, b] = lines_of.values.to_numpy(zero_copy_only=False)
        shared = self.context.broadcast(units)
        documents = lines.mapInArrow(pick(shared), "a bigint, b bigint, line bigint, bytes binary")
        documents = documents.join(wanted, ["a", "b", "line"])
        each = rows(documents, kind=DOCUMENT, a="component", record="record", numbers="numbers", bytes="bytes")
        linked = matches.join(components, F.col("a") == F.col("record")).select("kind", "component", "a", "b")
        each = each.unionAll(rows(linked, kind="kind", a="component", b="a", record="b"))
        each = each.repartition(self.n, "a").sortWithinPartitions("a", "kind", "record")
        names = [word for path in self.args.exports for word in ("--file", path)]
        return self.stage(each, "propose", *names)

    def tables(self, proposed, scored):
        """Parquet beside the report, for those who go on with Spark."""
        folder = "file://" + os.path.abspath(self.args.output) + ".parquet/"
        decision = F.when(F.col("a") == 0, "merge").otherwise("review").alias("decision")
        self.context.setJobDescription("shelfread: tables")
        of_kind(proposed, PROPOSAL).select(
            F.col("texts")[0].alias("proposal"), decision, (-F.col("b") / 100).alias("weight"),
            F.col("numbers").alias("records"), F.col("bytes").cast("string").alias("json"),
        ).write.mode("overwrite").parquet(folder + "proposals")
        name = F.element_at(F.array(*map(F.lit, ("merge", "review", "relation", "near miss"))), F.col("kind") - MERGE + 1)
        of_kind(scored, MERGE, REVIEW, RELATED, NEAR_MISS).select("a", "b", name.alias("what")) \
            .write.mode("overwrite").parquet(folder + "pairs")


def pick(shared):
    """A function for mapInArrow: the wanted lines of each unit, with their numbers."""
    def run(batches):
        import numpy as np
        unit, before = None, 0
        for batch in batches:
            a, b = batch.column("a").to_numpy(), batch.column("b").to_numpy()
            start = 0
            while start < len(a):
                changed = np.flatnonzero((a[start:] != a[start]) | (b[start:] != b[start]))
                end = start + int(changed[0]) if len(changed) else len(a)
                if unit != (int(a[start]), int(b[start])):
                    unit, before = (int(a[start]), int(b[start])), 0
                wanted = shared.value.get(unit)
                if wanted is not None:
                    own = wanted[np.searchsorted(wanted, before + 1):np.searchsorted(wanted, before + end - start, "right")]
                    if len(own):
                        taken = batch.column("bytes").take(pa.array(own - before - 1 + start))
                        n = len(own)
                        yield pa.RecordBatch.from_arrays(
                            [pa.array(np.full(n, unit[0])), pa.array(np.full(n, unit[1])), pa.array(own), taken],
                            names=["a", "b", "line", "bytes"])
                before += end - start
                start = end
    return run


class Report:
    """The last stage, on the driver."""

    def __init__(self, job, keys, bases, audit):
        self.job = job
        self.keys = keys
        self.bases = bases
        args = job.args
        command = [args.engine, "stage", "report", *args.exports, "-o", args.output, "--threads", "0"]
        if args.force:
            command.append("--force")
        if args.config:
            command += ["--config", args.config]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.stream = pa.ipc.new_stream(self.process.stdin, SCHEMA)

    def send(self, table):
        try:
            for batch in table.to_batches(max_chunksize=8192):
                self.stream.write_batch(fitted(batch))
        except (BrokenPipeError, OSError):
            sys.exit(self.process.wait() or 2)

    def send_frame(self, frame):
        self.send(frame.toArrow())

    def files(self, name):
        folder = self.job.path(name)
        return sorted(os.path.join(folder, file) for file in os.listdir(folder) if file.startswith("part-"))

    def judge(self):
        """Sends all records and parts of audits; gives the number of findings per record that has any."""
        for file in self.files("places"):
            self.send(pq.read_table(file))
        rejects = of_kind(self.keys, REJECT).join(self.bases, ["a", "b"]).orderBy("a", "b", F.element_at("numbers", 1))
        empty = [(i, 1, 0, 0, "the file is empty") for i, path in enumerate(self.job.args.exports) if not os.path.getsize(path)]
        found = rejects.select("a", (F.element_at("numbers", 1) + F.col("base_line")).alias("line"),
                               (F.element_at("numbers", 2) + F.col("base_byte")).alias("byte"),
                               F.element_at("numbers", 3).alias("len"), F.col("texts")[0].alias("reason")).collect()
        found = sorted([tuple(row) for row in found] + empty)
        self.send(table_of([dict(kind=REJECT, numbers=list(row[:4]), texts=[row[4]]) for row in found]))
        self.send_frame(of_kind(self.keys, UNIT))
        parts = []
        for file in self.files("audit"):
            index = pq.read_table(file, columns=["kind", "a", "b", "record"])
            places = zip(index["a"].to_pylist(), index["b"].to_pylist(), index["record"].to_pylist())
            parts += [(*place, file, at) for at, place in enumerate(places)]
        loaded = (None, None)
        for *_, file, at in sorted(parts):
            if loaded[0] != file:
                loaded = (file, pq.read_table(file))
            self.send(loaded[1].slice(at, 1))
        self.send(table_of([dict(kind=AUDITED)]))
        self.process.stdin.flush()
        reader = pa.ipc.open_stream(self.process.stdout)
        records, numbers = [], []
        while True:
            batch = reader.read_next_batch()
            kinds = batch.column("kind").to_pylist()
            for kind, record, n in zip(kinds, batch.column("record").to_pylist(), batch.column("numbers").to_pylist()):
                if kind == FINDINGS:
                    records.append(record)
                    numbers.append(n[0])
            if AUDITED in kinds:
                break
        self.reader = reader
        table = pa.table({"record": pa.array(records, pa.int64()), "n": pa.array(numbers, pa.int64())})
        path = self.job.path("findings.parquet")
        pq.write_table(table, path + ".new")
        os.replace(path + ".new", path)
        return self.job.spark.read.parquet("file://" + path)

    def rest(self, blocks, divided, near, borders, scored, proposed, features):
        self.job.context.setJobDescription("shelfread: report")
        for frame in (blocks, scored):
            self.send_frame(of_kind(frame, COUNTS, LARGE_BLOCK))
        n = of_kind(near.unionAll(borders), NEAR_KEYS).select("a", "b").distinct().count()
        self.send(table_of([dict(kind=COUNTS, a=COUNTED_NEAR, numbers=[n])]))
        told = of_kind(scored, MERGE, REVIEW, RELATED, NEAR_MISS)
        self.send_frame(told)
        cuts = of_kind(proposed, CUT)
        pairs = of_kind(scored, RELATED, NEAR_MISS).unionAll(cuts)
        wanted = pairs.select(F.col("a").alias("record")).unionAll(pairs.select(F.col("b").alias("record"))).distinct()
        self.send_frame(rows(features.join(wanted, "record"), kind=FEATURES, record="record", bytes="bytes"))
        self.send_frame(proposed)
        if self.job.made_of() != self.job.made:
            sys.exit("an export or the configuration changed while it was read; nothing was written. Run again")
        self.send(table_of([dict(kind=END)]))

    def finish(self):
        self.stream.close()
        self.process.stdin.close()
        self.process.stdout.read()
        status = self.process.wait()
        if status:
            sys.exit(status)


def table_of(dicts):
    empty = dict(kind=0, a=0, b=0, record=0, numbers=[], texts=[], bytes=b"")
    return pa.Table.from_pylist([{**empty, **row} for row in dicts], schema=SCHEMA)


def as_lines(exports, folder):
    """The exports with JSON Lines in place of Parquet; what is empty in a row is no field of its document."""
    for number, path in enumerate(exports):
        if not path.endswith(".parquet"):
            yield path
            continue
        os.makedirs(folder, exist_ok=True)
        whole = os.path.join(folder, f"{number}-{os.path.basename(path)[: -len('.parquet')]}.jsonl")
        with open(whole + ".partial", "w", encoding="utf-8") as out:
            for batch in pq.ParquetFile(path).iter_batches(batch_size=8192):
                for row in batch.to_pylist():
                    document = {name: value for name, value in row.items() if value is not None}
                    out.write(json.dumps(document, ensure_ascii=False, default=str) + "\n")
        os.replace(whole + ".partial", whole)
        yield whole


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("exports", nargs="+", metavar="EXPORT")
    parser.add_argument("-o", "--output", required=True, metavar="REPORT", help="folder for the report")
    parser.add_argument("--engine", required=True, metavar="FILE", help="the program shelfread, for driver and executors")
    parser.add_argument("--config", metavar="FILE", help="settings, as for shelfread check")
    parser.add_argument("--partitions", type=int, default=0, metavar="N", help="of a shuffle [default: two per core]")
    parser.add_argument("--unit-bytes", type=int, default=32 << 20, metavar="N", help="bytes of an export read at a time")
    parser.add_argument("--checkpoints", metavar="FOLDER", help="[default: REPORT.checkpoints]")
    parser.add_argument("--resume", action="store_true", help="go on from the checkpoints of a run that was stopped")
    parser.add_argument("--keep-checkpoints", action="store_true")
    parser.add_argument("--components", choices=["auto", "driver", "spark"], default="auto")
    parser.add_argument("--driver-edges", type=int, default=20_000_000, metavar="N", help="most edges the driver connects")
    parser.add_argument("--force", action="store_true", help="replace an existing report")
    args = parser.parse_args()
    args.checkpoints = args.checkpoints or args.output.rstrip("/") + ".checkpoints"
    if os.path.exists(args.output) and not args.force:
        sys.exit(f"{args.output} exists; choose another folder or give --force")
    args.exports = list(as_lines(args.exports, args.output.rstrip("/") + ".exports"))
    job = Job(args)
    try:
        job.run()
    finally:
        job.spark.stop()
    if not args.keep_checkpoints:
        shutil.rmtree(args.checkpoints)


if __name__ == "__main__":
    main()
