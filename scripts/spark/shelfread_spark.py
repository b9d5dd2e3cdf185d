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

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from pyspark import SparkConf, SparkFiles, TaskContext
from pyspark.sql import SparkSession
from pyspark.sql import functions as F

# Kinds of rows, see src/stage/rows.rs.
RECORD, CROWDED, TITLE, TITLE_BACKWARDS, PAIR, NEAR_KEYS, BORDER, LARGE_BLOCK, COUNTS = 0, *range(2, 10)
MERGE, REVIEW, RELATED, NEAR_MISS, REJECT, UNIT, IN_ORDER, HUGE_BLOCK = range(10, 18)
DOCUMENT, PROPOSAL, CLUSTER, CUT = range(20, 24)
AUDIT, FINDINGS, FEATURES, AUDITED, END = range(30, 35)
KEYS, MEMBERS, TOGETHER = range(40, 43)
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


def is_plain(path):
    """Whether a file can be read from any byte on."""
    with open(path, "rb") as file:
        return not file.read(4).startswith((b"\x1f\x8b", b"\x28\xb5\x2f"))


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
        # A shuffle of packets is a fifth smaller than with lz4, at no more CPU time.
        if not SparkConf().contains("spark.io.compression.codec"):
            builder = builder.config("spark.io.compression.codec", "zstd")
        # What a step shuffled is of no use once the step is written: the driver forgets it every minute, and its files go.
        builder = builder.config("spark.cleaner.periodicGC.interval", "1min")
        # The step `read` is stored by kind, each in a file of its own.
        builder = builder.config("spark.sql.maxConcurrentOutputFileWriters", "8")
        # Parts are whole in one partition; nothing is broadcast by Spark's own guess.
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
        self.spark.conf.set("spark.sql.shuffle.partitions", str(self.n))
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

    def step(self, name, make, by_kind=False):
        """A frame that is written before anything is made of it, and read again by a run that goes on. If `by_kind`, each kind
        of rows in a folder of its own, so that who wants one does not read the others."""
        path = self.path(name)
        if not os.path.exists(os.path.join(path, "_SUCCESS")):
            start = time.time()
            self.context.setJobDescription(f"shelfread: {name}")
            writer = make().write.mode("overwrite")
            (writer.partitionBy("kind") if by_kind else writer).parquet("file://" + path)
            self.seconds[name] = time.time() - start
            print(f"{time.time() - self.started:8.1f} s  {name}", file=sys.stderr)
        if by_kind:
            return self.spark.read.schema(ROW).parquet("file://" + path).select(*SCHEMA.names)
        return self.spark.read.parquet("file://" + path)

    def together(self, frame, part):
        """The rows of a part in a partition of its own."""
        return frame.repartitionById(self.n, F.col(part).cast("int"))

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
            if is_plain(path):
                with open(path, "rb") as file:
                    start = file.read(3)
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
        parts = ["--parts", str(n)]
        read = self.step("read", lambda: self.stage(lines, "read", *parts), by_kind=True)
        bases = self.bases(read)
        placed = read.join(bases, ["a", "b"])
        records = of_kind(placed, RECORD).withColumn("number", F.col("record") + F.col("base"))
        described = records.select(F.col("number").alias("record"), "texts", "bytes")
        features = described.select("record", "bytes")

        def keys():
            packets = of_kind(placed, KEYS).withColumnRenamed("record", "part")
            return self.together(rows(packets, KEYS, a="part", record="base", bytes="bytes"), "a")

        blocks = self.step("blocks", lambda: self.stage(keys(), "blocks", *parts))

        def crowded():
            huge = F.broadcast(of_kind(blocks, HUGE_BLOCK).select("a", F.lit(1).alias("huge")))
            each = of_kind(blocks, CROWDED).select("a", "record").join(huge, "a", "left").join(described, "record")
            b = F.coalesce("huge", F.lit(0))
            return rows(each, kind=CROWDED, a="a", b=b, record="record", texts="texts", bytes="bytes")

        # Huge blocks are salted with what they are divided by first, so that no executor holds one.
        pieces = self.step("pieces", lambda: crowded().mapInArrow(through(self.program, "pieces"), ROW))
        whole = of_kind(pieces, CROWDED).repartition(n, "a", "b").sortWithinPartitions("a", "b", "record")
        divided = self.step("divided", lambda: self.stage(whole, "divide", *parts))
        ordered = of_kind(blocks.unionAll(pieces), TITLE, TITLE_BACKWARDS, IN_ORDER)
        ordered = ordered.repartitionByRange(n, "kind", "a", "bytes").sortWithinPartitions("kind", "a", "bytes")
        near = self.step("near", lambda: self.stage(ordered, "near"))
        ends = lambda: of_kind(near, BORDER).repartition(1).sortWithinPartitions("record", "a", "b")
        borders = self.step("borders", lambda: self.stage(ends(), "near"))

        def members():
            packets = of_kind(blocks, MEMBERS).unionAll(of_kind(divided, MEMBERS)).withColumn("part", F.col("record"))
            pairs = of_kind(divided.unionAll(near).unionAll(borders), PAIR).select("a", "b").distinct()
            ends = pairs.withColumn("record", F.explode(F.array("a", "b")))
            each = rows(ends, PAIR, "a", "b", "record").unionAll(rows(features, FEATURES, record="record", bytes="bytes"))
            each = packets.unionAll(each.withColumn("part", F.pmod("record", F.lit(n))))
            return self.together(each, "part").select(*SCHEMA.names)

        def compared():
            return self.together(self.stage(members(), "members", *parts), "record")

        scored = self.step("scored", lambda: self.stage(compared(), "score"))
        matches = of_kind(scored, MERGE, REVIEW).select("kind", "a", "b")
        components = self.components(matches.select("a", "b").distinct())

        places = records.select(F.col("number").alias("record"), "a", "b", F.element_at("numbers", 1).alias("line"),
                                F.array("a", F.element_at("numbers", 1) + F.col("base_line"),
                                        F.element_at("numbers", 2) + F.col("base_byte"), F.element_at("numbers", 3)).alias("numbers"))
        report = Report(self, read, bases)
        findings = report.judge()
        proposed = self.step("proposed", lambda: self.propose(lines, places, matches, components, findings))
        report.rest(near, borders, scored, proposed, features)
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

    def propose(self, lines, places, matches, components, findings):
        """All members, brought together with their matches by component. Their documents are read by the stage, or, where it
        would have to unpack an export first, here."""
        wanted = components.join(places, "record").join(findings, "record", "left")
        numbers = F.concat("numbers", F.array(F.coalesce("n", F.lit(0)).cast("bigint")))
        wanted = wanted.select("a", "b", "line", "record", "component", numbers.alias("numbers"))
        names = [word for path in self.args.exports for word in ("--file", path)]
        if all(map(is_plain, self.args.exports)):
            names += [word for path in self.args.exports for word in ("--export", os.path.abspath(path))]
            each = rows(wanted, kind=DOCUMENT, a="component", record="record", numbers="numbers")
        else:
            each = self.documents(lines, wanted)
        linked = matches.join(components, F.col("a") == F.col("record")).select("kind", "component", "a", "b")
        each = each.unionAll(rows(linked, kind="kind", a="component", b="a", record="b"))
        each = each.repartition(self.n, "a").sortWithinPartitions("a", "kind", "record")
        return self.stage(each, "propose", *names)

    def documents(self, lines, wanted):
        """The documents of members, from the lines of all exports."""
        per_unit = wanted.groupBy("a", "b").agg(F.sort_array(F.collect_list("line")).alias("lines")).toArrow()
        units = {}
        for a, b, lines_of in zip(per_unit["a"].to_pylist(), per_unit["b"].to_pylist(), per_unit["lines"]):
            units[a, b] = lines_of.values.to_numpy(zero_copy_only=False)
        shared = self.context.broadcast(units)
        documents = lines.mapInArrow(pick(shared), "a bigint, b bigint, line bigint, bytes binary")
        documents = documents.join(wanted, ["a", "b", "line"])
        return rows(documents, kind=DOCUMENT, a="component", record="record", numbers="numbers", bytes="bytes")

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

    def __init__(self, job, read, bases):
        self.job = job
        self.read = read
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

    def send_step(self, name, *kinds):
        """Rows of some kinds, or all, as a step left them: they do not go through the JVM of the driver."""
        folder = self.job.path(name)
        for file in sorted(name for name in os.listdir(folder) if name.startswith("part-")):
            for batch in pq.ParquetFile(os.path.join(folder, file)).iter_batches(batch_size=4096):
                table = pa.Table.from_batches([batch])
                if kinds:
                    table = table.filter(pc.is_in(table["kind"], pa.array(kinds, pa.int32())))
                self.send(table)

    def files(self, kind):
        """Files of the step `read` with rows of a kind."""
        folder = os.path.join(self.job.path("read"), f"kind={kind}")
        names = sorted(os.listdir(folder)) if os.path.isdir(folder) else []
        return [os.path.join(folder, name) for name in names if name.startswith("part-")]

    def units(self, kind, columns):
        """The rows of a kind, unit by unit in their order: file, unit, table. A unit's rows are next to each other."""
        runs = []
        for file in self.files(kind):
            keys = pq.read_table(file, columns=["a", "b"])
            a, b = keys["a"].to_numpy(), keys["b"].to_numpy()
            starts = np.flatnonzero(np.r_[True, (a[1:] != a[:-1]) | (b[1:] != b[:-1])]) if len(a) else []
            runs += [(int(a[start]), int(b[start]), file, int(start), int(end)) for start, end in zip(starts, [*starts[1:], len(a)])]
        loaded = (None, None)
        for a, b, file, start, end in sorted(runs):
            if loaded[0] != file:
                loaded = (file, pq.read_table(file, columns=columns))
            yield a, b, loaded[1].slice(start, end - start)

    def send_records(self):
        bases = {(row.a, row.b): row for row in self.bases.collect()}
        for a, b, table in self.units(RECORD, ["record", "numbers", "texts"]):
            base, n = bases[a, b], len(table)
            numbers = np.column_stack([np.full(n, a), flat(table["numbers"]).reshape(n, 3)])
            numbers[:, 1] += base.base_line
            numbers[:, 2] += base.base_byte
            offsets = pa.array(np.arange(n + 1) * 4, pa.int32())
            self.send(pa.table({
                "kind": np.full(n, RECORD, np.int32), "a": np.zeros(n, np.int64), "b": np.zeros(n, np.int64),
                "record": flat(table["record"]) + base.base,
                "numbers": pa.ListArray.from_arrays(offsets, pa.array(numbers.ravel(), pa.int64())),
                "texts": table["texts"], "bytes": pa.array([b""] * n, pa.binary()),
            }))

    def judge(self):
        """Sends all records and parts of audits; gives the number of findings per record that has any."""
        self.send_records()
        rejects = of_kind(self.read, REJECT).join(self.bases, ["a", "b"]).orderBy("a", "b", F.element_at("numbers", 1))
        empty = [(i, 1, 0, 0, "the file is empty") for i, path in enumerate(self.job.args.exports) if not os.path.getsize(path)]
        found = rejects.select("a", (F.element_at("numbers", 1) + F.col("base_line")).alias("line"),
                               (F.element_at("numbers", 2) + F.col("base_byte")).alias("byte"),
                               F.element_at("numbers", 3).alias("len"), F.col("texts")[0].alias("reason")).collect()
        found = sorted([tuple(row) for row in found] + empty)
        self.send(table_of([dict(kind=REJECT, numbers=list(row[:4]), texts=[row[4]]) for row in found]))
        for a, b, table in self.units(UNIT, ["numbers"]):
            self.send(table_of([dict(kind=UNIT, a=a, b=b, numbers=numbers) for numbers in table["numbers"].to_pylist()]))
        for *_, table in self.units(AUDIT, ["a", "b", "record", "numbers", "texts", "bytes"]):
            table = table.append_column("kind", pa.array(np.full(len(table), AUDIT, np.int32)))
            self.send(table.take(pc.sort_indices(table["record"])))
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

    def rest(self, near, borders, scored, proposed, features):
        self.job.context.setJobDescription("shelfread: report")
        for name in ("blocks", "scored"):
            self.send_step(name, COUNTS, LARGE_BLOCK)
        n = of_kind(near.unionAll(borders), NEAR_KEYS).select("a", "b").distinct().count()
        self.send(table_of([dict(kind=COUNTS, a=COUNTED_NEAR, numbers=[n])]))
        self.send_step("scored", MERGE, REVIEW, RELATED, NEAR_MISS)
        pairs = of_kind(scored, RELATED, NEAR_MISS).unionAll(of_kind(proposed, CUT))
        told = pairs.select(F.explode(F.array("a", "b")).alias("record")).distinct()
        self.job.step("told", lambda: rows(features.join(told, "record"), kind=FEATURES, record="record", bytes="bytes"))
        self.send_step("told")
        self.send_step("proposed")
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


def flat(column):
    """The numbers of a column, of lists those within."""
    column = column.combine_chunks()
    return (column.flatten() if pa.types.is_list(column.type) else column).to_numpy(zero_copy_only=False).copy()


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
