using SpeedData.Tests.Support;

namespace SpeedData.Tests.Reading;

/// <summary>Export readers from other projects. Each prints every row as one line of JSON, by column.</summary>
internal sealed class OtherReader : ForeignReader
{
    public static readonly OtherReader Python = new("/usr/bin/python3", "-c", "import csv", """
        import csv, json, sys
        for row in csv.DictReader(open(sys.argv[1], newline="", encoding="utf-8")):
            print(json.dumps(row))
        """, "python3 is not installed");

    public static readonly OtherReader DuckDb = new("node", "-e", "require('@duckdb/node-api')", """
        (async () => {
          const { DuckDBInstance } = require('@duckdb/node-api');
          const connection = await (await DuckDBInstance.create()).connect();
          const result = await connection.runAndReadAll(`select * from read_parquet('${process.argv[1]}')`);
          const plain = (_, v) => typeof v == 'bigint' ? String(v) : v && v.items ? v.items : v && v.bytes ? Buffer.from(v.bytes).toString('hex') : v && v.micros !== undefined ? String(v.micros) : v;
          for (const row of result.getRowObjects()) console.log(JSON.stringify(row, plain));
        })().catch(e => { console.error(e); process.exit(1); });
        """, "node or npm's @duckdb/node-api is not installed (NODE_PATH must name the folder node_modules with it)");

    public static readonly OtherReader Hyparquet = new("node", "-e", "require.resolve('hyparquet')", """
        (async () => {
          const { parquetReadObjects } = await import(require.resolve('hyparquet'));
          const bytes = require('fs').readFileSync(process.argv[1]);
          const file = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length);
          const plain = (_, v) => typeof v == 'bigint' ? String(v) : v instanceof Uint8Array ? Buffer.from(v).toString('hex') : v === undefined ? null : v;
          const flat = row => Object.fromEntries(Object.entries(row).map(([k, v]) => [k, v instanceof Uint8Array ? Buffer.from(v).toString('hex') : v]));
          for (const row of await parquetReadObjects({ file, utf8: false })) console.log(JSON.stringify(flat(row), plain));
        })().catch(e => { console.error(e); process.exit(1); });
        """, "node or npm's hyparquet is not installed (NODE_PATH must name the folder node_modules with it)");

    public static readonly OtherReader Arrow = new("node", "-e", "require('apache-arrow')", """
        const { tableFromIPC } = require('apache-arrow');
        const table = tableFromIPC(require('fs').readFileSync(process.argv[1]));
        const plain = v => typeof v == 'bigint' ? String(v) : v instanceof Uint8Array ? Buffer.from(v).toString('hex') : v && v.toArray ? Array.from(v, plain) : v;
        const names = table.schema.fields.map(f => f.name);
        const columns = names.map(n => table.getChild(n));
        for (let i = 0; i < table.numRows; i++)
          console.log(JSON.stringify(Object.fromEntries(names.map((n, c) => [n, plain(columns[c].get(i))]))));
        """, "node or npm's apache-arrow is not installed (NODE_PATH must name the folder node_modules with it)");

    /// <summary>Prints lists as arrays.</summary>
    public static readonly OtherReader ArrowLists = new("node", "-e", "require('apache-arrow')", """
        const table = require('apache-arrow').tableFromIPC(require('fs').readFileSync(process.argv[1]));
        const plain = (_, v) => typeof v == 'bigint' ? String(v) : v && v.toArray ? Array.from(v) : v;
        for (const row of table.toArray()) console.log(JSON.stringify(Object.fromEntries(Object.entries(row.toJSON()).map(([k, v]) => [k, v && v.toArray ? Array.from(v) : v])), plain));
        """, "node or npm's apache-arrow is not installed (NODE_PATH must name the folder node_modules with it)");

    /// <summary>
    /// Prints the rows of each group in turn: an enum as its symbol, bytes and arrays as lists, and null for values that
    /// <c>NAME_valid</c> or NaN marks as absent.
    /// </summary>
    public static readonly OtherReader H5py = new("/usr/bin/python3", "-c", "import h5py", """
        import h5py, json, math, sys
        def plain(value, enum):
            if enum: return enum[int(value)]
            if isinstance(value, bytes): return value.decode()
            if hasattr(value, "tolist"): value = value.tolist()
            if isinstance(value, list): return [None if isinstance(v, float) and math.isnan(v) else v for v in value]
            return None if isinstance(value, float) and math.isnan(value) else value
        def groups(group, path):
            sets = {k: v for k, v in group.items() if isinstance(v, h5py.Dataset)}
            if sets: yield path, sets
            for k, v in group.items():
                if isinstance(v, h5py.Group): yield from groups(v, path + "/" + k)
        for path, sets in groups(h5py.File(sys.argv[1], "r"), ""):
            enums = {k: h5py.check_enum_dtype(v.dtype) for k, v in sets.items()}
            enums = {k: {n: s for s, n in e.items()} if e else None for k, e in enums.items()}
            values = {k: v[()] for k, v in sets.items()}
            for i in range(len(next(iter(values.values())))):
                row = {k: plain(v[i], enums[k]) for k, v in values.items()}
                print(json.dumps({k: None if row.get(k + "_valid") == 0 else v for k, v in row.items() if not (k.endswith("_valid") and k[:-6] in row)}))
        """, "/usr/bin/python3 or python3-h5py is not installed");

    /// <summary>Prints the names of all groups and datasets.</summary>
    public static readonly OtherReader H5Names = new("/usr/bin/python3", "-c", "import h5py", """
        import h5py, json, sys
        h5py.File(sys.argv[1], "r").visit(lambda name: print(json.dumps(name)))
        """, "/usr/bin/python3 or python3-h5py is not installed");

    /// <summary>Prints each message in the file's order: its JSON, with topic and times next to it.</summary>
    public static readonly OtherReader Mcap = new("node", "-e", "require('@mcap/core'); require('fzstd')", McapStart + """
        const reader = new McapStreamReader({ validateCrcs: true, decompressHandlers: { zstd } });
        reader.append(require('fs').readFileSync(process.argv[1]));
        const topics = new Map();
        for (let r = reader.nextRecord(); r; r = reader.nextRecord()) {
          if (r.type == 'Channel') topics.set(r.id, r.topic);
          if (r.type == 'Message') print(topics.get(r.channelId), r);
        }
        if (!reader.done()) throw new Error('the file ends too early');
        """, "node or npm's @mcap/core or fzstd is not installed (NODE_PATH must name the folder node_modules with them)");

    /// <summary>
    /// Prints the messages between the two times in the file's name, found by the file's index. The last line has the number of bytes
    /// that were read.
    /// </summary>
    public static readonly OtherReader McapIndexed = new("node", "-e", "require('@mcap/core'); require('fzstd')", McapStart + """
        (async () => {
          const bytes = require('fs').readFileSync(process.argv[1]);
          let read = 0;
          const readable = { size: async () => BigInt(bytes.length), read: async (at, n) => { read += Number(n); return bytes.subarray(Number(at), Number(at + n)); } };
          const reader = await McapIndexedReader.Initialize({ readable, decompressHandlers: { zstd } });
          const [startTime, endTime] = require('path').basename(process.argv[1], '.mcap').split('-').map(BigInt);
          for await (const m of reader.readMessages({ startTime, endTime })) print(reader.channelsById.get(m.channelId).topic, m);
          const s = reader.statistics;
          console.log(JSON.stringify({ read, size: bytes.length, chunks: s.chunkCount, messages: String(s.messageCount), topics: [...s.channelMessageCounts.values()].map(String), schemas: [...reader.schemasById.values()].map(x => x.encoding) }));
        })().catch(e => { console.error(e); process.exit(1); });
        """, "node or npm's @mcap/core or fzstd is not installed (NODE_PATH must name the folder node_modules with them)");

    private const string McapStart = """
        const { McapStreamReader, McapIndexedReader } = require('@mcap/core');
        const fzstd = require('fzstd');
        const zstd = (bytes, size) => fzstd.decompress(bytes, new Uint8Array(Number(size)));
        const print = (topic, m) => console.log(JSON.stringify({ topic, sequence: m.sequence, log: String(m.logTime), publish: String(m.publishTime), text: new TextDecoder().decode(m.data) }));

        """;

    /// <summary>Prints lists as arrays, and times as numbers with their unit.</summary>
    public static readonly OtherReader HyparquetLists = new("node", "-e", "require.resolve('hyparquet')", """
        (async () => {
          const { parquetReadObjects } = await import(require.resolve('hyparquet'));
          const bytes = require('fs').readFileSync(process.argv[1]);
          const file = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length);
          const parsers = { timestampFromMicroseconds: v => `${v} us`, timestampFromNanoseconds: v => `${v} ns` };
          const plain = (_, v) => typeof v == 'bigint' ? String(v) : v === undefined ? null : v;
          for (const row of await parquetReadObjects({ file, parsers })) console.log(JSON.stringify(row, plain));
        })().catch(e => { console.error(e); process.exit(1); });
        """, "node or npm's hyparquet is not installed (NODE_PATH must name the folder node_modules with it)");

    private OtherReader(string interpreter, string codeFlag, string probe, string script, string absence)
        : base(interpreter, codeFlag, probe, script, absence)
    {
    }
}
