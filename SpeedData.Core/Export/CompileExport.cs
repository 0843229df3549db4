using SpeedData.Core.Reading.Catalogue;
using SpeedData.Core.Reading.Columns;
using SpeedData.Core.Schema;

namespace SpeedData.Core.Export;

/// <summary>
/// Exports a table of one record in memory while the command line and the archives are read. This compiles the export code early: compiling
/// takes most of the time of a short export, and a second core is idle.
/// </summary>
public static class CompileExport
{
    private const string Schema = """{"type":"record","name":"r","fields":[{"name":"time","type":{"type":"long","logicalType":"timestamp-nanos"}},{"name":"i","type":"int"},{"name":"l","type":"long"},{"name":"d","type":"double"},{"name":"e","type":"double"},{"name":"s","type":"string"},{"name":"y","type":{"type":"fixed","name":"y2","size":2}}]}""";

    /// <summary>A record of the schema: three small numbers, two doubles, an empty text, two bytes.</summary>
    private static ReadOnlySpan<byte> Record => [2, 4, 6, 0, 0, 0, 0, 0, 0, 0xF9, 0x3F, 0x9A, 0x99, 0x99, 0x99, 0x99, 0x99, 0xB9, 0x3F, 0, 1, 2];

    /// <returns>The table as CSV.</returns>
    public static byte[] Run()
    {
        RecordLayout layout = FileSchema.Compile(Schema);
        var head = new FileHead(new ListedFile("", false), 0, layout, Schema, "null", null) { Time = TimeField.Of(layout, null) };
        TableShape shape = MergedSignal.Join([head], FieldChoice.All, hasChannel: false);
        var output = new MemoryStream();
        using var writer = new CsvTableWriter(shape, output);
        writer.Begin();
        ColumnProgram program = shape.ProgramFor(layout, head.Time);
        bool isRead = false;
        new ExportPipeline(shape, writer, CancellationToken.None).Run(batch => !isRead && (isRead = Fill(batch, program)), null);
        writer.End();
        return output.ToArray();
    }

    private static bool Fill(ColumnBatch batch, ColumnProgram program)
    {
        batch.Clear();
        batch.Reserve(1);
        program.Begin(batch, 1);
        var bytes = new RecordBytes(Record);
        program.Read(ref bytes, 0);
        program.End(Record, 1);
        return true;
    }
}
