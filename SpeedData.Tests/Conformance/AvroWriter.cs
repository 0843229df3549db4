using System.Text.Json;
using SpeedData.Tests.Support;

namespace SpeedData.Tests.Conformance;

/// <summary>
/// Avro files written by other libraries. Each writer writes random records of the schema in SCHEMA.avsc next to the file, with the
/// codec in the file's first extension. It prints each record as one line of JSON: bytes as hexadecimal, a union as its value,
/// a logical type as the underlying number.
/// </summary>
internal sealed class AvroWriter : ForeignReader
{
    /// <summary>Apache's Python library (Debian: python3-avro).</summary>
    public static readonly AvroWriter Python = new(
        "/usr/bin/python3",
        "-c",
        "import avro.datafile",
        """
        import datetime, json, random, sys, warnings
        warnings.simplefilter("ignore")
        from avro.datafile import DataFileWriter
        from avro.io import DatumWriter
        from avro.schema import parse
        import avro.codecs, lzma
        class Xz(avro.codecs.Codec):  # as later versions of the library have it
            @staticmethod
            def compress(data): packed = lzma.compress(data); return packed, len(packed)
            @staticmethod
            def decompress(readers_decoder): raise NotImplementedError
        avro.codecs.KNOWN_CODECS.setdefault("xz", Xz)
        path = sys.argv[1]
        text = open(path.rsplit(".", 3)[0] + ".avsc").read()
        codec, rows = path.split(".")[-3], int(path.split(".")[-2])
        g = random.Random(len(text) * 7 + rows)
        zone, day = datetime.timezone.utc, datetime.timedelta(days=1)
        def logical(s):
            kind, n = s.get_prop("logicalType"), g.randrange(10 ** 9)
            if kind == "date": d = n % 20000; return datetime.date(1970, 1, 1) + day * d, d
            if kind == "time-millis": ms = n % 86400000; return (datetime.datetime.min + datetime.timedelta(milliseconds=ms)).time(), ms
            if kind == "time-micros": us = n * 80; return (datetime.datetime.min + datetime.timedelta(microseconds=us)).time(), us
            if kind == "timestamp-millis": ms = n * 1000 + 7; return datetime.datetime(1970, 1, 1, tzinfo=zone) + datetime.timedelta(milliseconds=ms), ms
            if kind == "timestamp-micros": us = n * 1000000 + 7; return datetime.datetime(1970, 1, 1, tzinfo=zone) + datetime.timedelta(microseconds=us), us
            return None
        def make(s, depth=0):
            known = logical(s)
            if known: return known
            t, few = s.type, 0 if depth > 4 else g.randrange(4)
            if t == "null": return None, None
            if t == "boolean": v = g.random() < 0.5; return v, v
            if t == "int": v = g.choice([0, -1, 2 ** 31 - 1, -2 ** 31, g.randrange(1000)]); return v, v
            if t == "long": v = g.choice([0, -1, 2 ** 63 - 1, -2 ** 63, g.randrange(10 ** 12)]); return v, v
            if t == "float": v = g.choice([0.0, -1.5, g.randrange(1000) / 8]); return v, v
            if t == "double": v = g.choice([0.0, -1e300, 5e-324, g.random()]); return v, v
            if t == "bytes": v = bytes(g.randrange(256) for _ in range(g.randrange(9))); return v, v.hex()
            if t == "fixed": v = bytes(g.randrange(256) for _ in range(s.size)); return v, v.hex()
            if t == "string": v = g.choice(["", "a,b\n\"c\"", "ä€😀", "x" * g.randrange(300)]); return v, v
            if t == "enum": v = g.choice(s.symbols); return v, v
            if t == "array": v = [make(s.items, depth + 1) for _ in range(few)]; return [a for a, _ in v], [b for _, b in v]
            if t == "map": v = {"k%d" % i: make(s.values, depth + 1) for i in range(few)}; return {k: a for k, (a, _) in v.items()}, {k: b for k, (_, b) in v.items()}
            if t == "union": return make(s.schemas[0] if depth > 4 else g.choice(s.schemas), depth + 1)
            v = {f.name: make(f.type, depth + 1) for f in s.fields}
            return {k: a for k, (a, _) in v.items()}, {k: b for k, (_, b) in v.items()}
        schema = parse(text)
        with DataFileWriter(open(path, "wb"), DatumWriter(), schema, codec=codec) as writer:
            for i in range(rows):
                datum, shown = make(schema)
                writer.append(datum)
                if i % 400 == 399: writer.sync()
                print(json.dumps(shown))
        """,
        "Debian's python3-avro is not installed");

    /// <summary>npm's avsc with its own random values. It limits a long to the integers that a double holds exactly.</summary>
    public static readonly AvroWriter Avsc = new(
        "node",
        "-e",
        "require('avsc')",
        """
        const avro = require('avsc'), fs = require('fs');
        const path = process.argv[1], parts = path.split('.'), [codec, rows] = parts.slice(-3, -1);
        const schema = JSON.parse(fs.readFileSync(parts.slice(0, -3).join('.') + '.avsc', 'utf8'));
        const type = avro.Type.forSchema(schema, { wrapUnions: false });
        const writer = avro.createFileEncoder(path, type, { codec, blockSize: 4096 });
        const show = (_, v) => v && v.type === 'Buffer' ? Buffer.from(v.data).toString('hex') : v;
        for (let i = 0; i < rows; i++) { const row = type.random(); writer.write(row); console.log(JSON.stringify(row, show)); }
        writer.end();
        """,
        "node or npm's avsc is not installed (NODE_PATH must name the folder node_modules with it)");

    private AvroWriter(string interpreter, string codeFlag, string probe, string script, string absence)
        : base(interpreter, codeFlag, probe, script, absence)
    {
    }

    /// <returns>The path of the file, and its records.</returns>
    public (string Path, List<JsonElement> Records) Write(string folder, string schema, string codec, int rows)
    {
        File.WriteAllText(System.IO.Path.Combine(folder, "schema.avsc"), schema);
        string path = System.IO.Path.Combine(folder, $"schema.{codec}.{rows}.avro");
        return (path, Read(path));
    }
}
