using SpeedData.Tests.Support;

namespace SpeedData.Tests.Reading;

/// <summary>Readers of exports that others wrote: every row is one line of JSON, by column.</summary>
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
        """, "node or npm's @duckdb/node-api is not installed (NODE_PATH names the folder node_modules it lies in)");

    public static readonly OtherReader Hyparquet = new("node", "-e", "require.resolve('hyparquet')", """
        (async () => {
          const { parquetReadObjects } = await import(require.resolve('hyparquet'));
          const bytes = require('fs').readFileSync(process.argv[1]);
          const file = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length);
          const plain = (_, v) => typeof v == 'bigint' ? String(v) : v instanceof Uint8Array ? Buffer.from(v).toString('hex') : v === undefined ? null : v;
          const flat = row => Object.fromEntries(Object.entries(row).map(([k, v]) => [k, v instanceof Uint8Array ? Buffer.from(v).toString('hex') : v]));
          for (const row of await parquetReadObjects({ file, utf8: false })) console.log(JSON.stringify(flat(row), plain));
        })().catch(e => { console.error(e); process.exit(1); });
        """, "node or npm's hyparquet is not installed (NODE_PATH names the folder node_modules it lies in)");

    public static readonly OtherReader Arrow = new("node", "-e", "require('apache-arrow')", """
        const { tableFromIPC } = require('apache-arrow');
        const table = tableFromIPC(require('fs').readFileSync(process.argv[1]));
        const plain = v => typeof v == 'bigint' ? String(v) : v instanceof Uint8Array ? Buffer.from(v).toString('hex') : v && v.toArray ? Array.from(v, plain) : v;
        const names = table.schema.fields.map(f => f.name);
        const columns = names.map(n => table.getChild(n));
        for (let i = 0; i < table.numRows; i++)
          console.log(JSON.stringify(Object.fromEntries(names.map((n, c) => [n, plain(columns[c].get(i))]))));
        """, "node or npm's apache-arrow is not installed (NODE_PATH names the folder node_modules it lies in)");

    /// <summary>Lists as arrays.</summary>
    public static readonly OtherReader ArrowLists = new("node", "-e", "require('apache-arrow')", """
        const table = require('apache-arrow').tableFromIPC(require('fs').readFileSync(process.argv[1]));
        const plain = (_, v) => typeof v == 'bigint' ? String(v) : v && v.toArray ? Array.from(v) : v;
        for (const row of table.toArray()) console.log(JSON.stringify(Object.fromEntries(Object.entries(row.toJSON()).map(([k, v]) => [k, v && v.toArray ? Array.from(v) : v])), plain));
        """, "node or npm's apache-arrow is not installed (NODE_PATH names the folder node_modules it lies in)");

    /// <summary>Lists as arrays, and times as numbers with their unit.</summary>
    public static readonly OtherReader HyparquetLists = new("node", "-e", "require.resolve('hyparquet')", """
        (async () => {
          const { parquetReadObjects } = await import(require.resolve('hyparquet'));
          const bytes = require('fs').readFileSync(process.argv[1]);
          const file = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length);
          const parsers = { timestampFromMicroseconds: v => `${v} us`, timestampFromNanoseconds: v => `${v} ns` };
          const plain = (_, v) => typeof v == 'bigint' ? String(v) : v === undefined ? null : v;
          for (const row of await parquetReadObjects({ file, parsers })) console.log(JSON.stringify(row, plain));
        })().catch(e => { console.error(e); process.exit(1); });
        """, "node or npm's hyparquet is not installed (NODE_PATH names the folder node_modules it lies in)");

    private OtherReader(string interpreter, string codeFlag, string probe, string script, string absence)
        : base(interpreter, codeFlag, probe, script, absence)
    {
    }
}
