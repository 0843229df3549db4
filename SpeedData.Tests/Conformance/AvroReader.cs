using SpeedData.Tests.Support;

namespace SpeedData.Tests.Conformance;

/// <summary>Avro readers from other projects. Each prints every record of a file as one line of JSON.</summary>
internal sealed class AvroReader : ForeignReader
{
    /// <summary>Apache's Python reader (Debian: python3-avro). For zstandard it also needs python3-zstandard.</summary>
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

    /// <summary>npm's avsc. It prints a long as text, since a double may not hold it.</summary>
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
        "node or npm's avsc is not installed (NODE_PATH must name the folder node_modules with it)");

    private AvroReader(string interpreter, string codeFlag, string probe, string script, string absence)
        : base(interpreter, codeFlag, probe, script, absence)
    {
    }
}
