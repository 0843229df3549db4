using SpeedData.Tests.Support;

namespace SpeedData.Tests.Conformance;

/// <summary>Avro readers that others wrote: every record of a file is one line of JSON.</summary>
internal sealed class AvroReader : ForeignReader
{
    /// <summary>Apache's Python reader, Debian's package python3-avro; zstandard needs python3-zstandard besides.</summary>
    public static readonly AvroReader Python = new(
        "/usr/bin/python3",
        "-c",
        "import avro.datafile",
        """
        import json, sys, warnings
        warnings.simplefilter("ignore")
        from avro.datafile import DataFileReader
        from avro.io import DatumReader
        for record in DataFileReader(open(sys.argv[1], "rb"), DatumReader()):
            print(json.dumps(record, default=lambda value: value.decode("latin-1")))
        """,
        "Debian's python3-avro is not installed");

    /// <summary>npm's avsc. A long is printed as text, since a double may not hold it.</summary>
    public static readonly AvroReader Avsc = new(
        "node",
        "-e",
        "require('avsc')",
        """
        const avro = require('avsc');
        const long = avro.types.LongType.__with({
          fromBuffer: b => b.readBigInt64LE(), toBuffer: n => { const b = Buffer.alloc(8); b.writeBigInt64LE(BigInt(n)); return b; },
          fromJSON: BigInt, toJSON: Number, isValid: n => typeof n == 'bigint', compare: (a, b) => a < b ? -1 : a > b ? 1 : 0,
        });
        const isLong = schema => schema == 'long' || schema.type == 'long';
        const print = (_, value) => typeof value == 'bigint' ? String(value) : value;
        avro.createFileDecoder(process.argv[1], { parseHook: schema => avro.Type.forSchema(schema, { typeHook: s => isLong(s) ? long : undefined }) })
          .on('data', record => console.log(JSON.stringify(record, print)))
          .on('error', error => { console.error(error); process.exit(1); });
        """,
        "node or npm's avsc is not installed (NODE_PATH names the folder node_modules it lies in)");

    /// <summary>Writes a file with the codec that its name tells, and prints what it wrote.</summary>
    public static readonly AvroReader PythonWriter = new(
        "/usr/bin/python3",
        "-c",
        "import avro.datafile",
        """
        import json, os, sys, warnings
        warnings.simplefilter("ignore")
        from avro.datafile import DataFileWriter
        from avro.io import DatumWriter
        from avro.schema import parse
        f = lambda n, t: {"name": n, "type": t}
        schema = {"type": "record", "name": "r", "fields": [f("i", "int"), f("l", "long"), f("d", "double"), f("b", "boolean"), f("s", "string"), f("o", ["null", "double"]),
                  f("e", {"type": "enum", "name": "e", "symbols": ["A", "B"]}), f("a", {"type": "array", "items": "int"}), f("n", {"type": "record", "name": "inner", "fields": [f("x", "int")]})]}
        rows = [{"i": i - 500, "l": 2 ** 62 - i, "d": i / 7, "b": i % 2 == 0, "s": "ä" * (i % 5) + "text", "o": None if i % 3 else i * 0.5, "e": "AB"[i % 2], "a": list(range(i % 4)), "n": {"x": i}} for i in range(1000)]
        with DataFileWriter(open(sys.argv[1], "wb"), DatumWriter(), parse(json.dumps(schema)), codec=os.path.basename(sys.argv[1]).split(".")[0]) as writer:
            for row in rows: writer.append(row)
        for row in rows: print(json.dumps(row))
        """,
        "Debian's python3-avro is not installed");

    /// <summary>The same by npm's avsc.</summary>
    public static readonly AvroReader AvscWriter = new(
        "node",
        "-e",
        "require('avsc')",
        """
        const avro = require('avsc');
        const f = (name, type) => ({ name, type });
        const schema = { type: 'record', name: 'r', fields: [f('i', 'int'), f('d', 'double'), f('b', 'boolean'), f('s', 'string'), f('o', ['null', 'double']),
          f('e', { type: 'enum', name: 'e', symbols: ['A', 'B'] }), f('a', { type: 'array', items: 'int' }), f('n', { type: 'record', name: 'inner', fields: [f('x', 'int')] })] };
        const writer = avro.createFileEncoder(process.argv[1], schema, { codec: require('path').basename(process.argv[1]).split('.')[0] });
        for (let i = 0; i < 1000; i++) {
          const row = { i: i - 500, d: i / 7, b: i % 2 == 0, s: 'ä'.repeat(i % 5) + 'text', o: i % 3 ? null : i * 0.5, e: 'AB'[i % 2], a: [...Array(i % 4).keys()], n: { x: i } };
          writer.write(row);
          console.log(JSON.stringify(row));
        }
        writer.end();
        """,
        "node or npm's avsc is not installed (NODE_PATH names the folder node_modules it lies in)");

    private AvroReader(string interpreter, string codeFlag, string probe, string script, string absence)
        : base(interpreter, codeFlag, probe, script, absence)
    {
    }
}
