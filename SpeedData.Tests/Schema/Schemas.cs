using System.Text;
using SpeedData.Core.Schema;

namespace SpeedData.Tests.Schema;

/// <summary>Schemas that several fixtures use, and bytes for them.</summary>
internal static class Schemas
{
    public const string Example = "schemas/example.avsc";

    /// <summary>Schema of time (long), counter (int), pad (fixed 2) and doubles: datagrams of 16 + 8 × doubles bytes.</summary>
    public static string Bench(int doubles)
    {
        var text = new StringBuilder("""
            {"type":"record","name":"bench","fields":[
            {"name":"time","type":{"type":"long","logicalType":"timestamp-nanos"}},
            {"name":"counter","type":"int"},
            {"name":"pad","type":{"type":"fixed","name":"pad","size":2}}
            """);
        for (int i = 0; i < doubles; i++)
            text.Append(System.Globalization.CultureInfo.InvariantCulture, $$""",{"name":"d{{i}}","type":"double"}""");
        return text.Append("]}").ToString();
    }

    /// <summary>Makes a bench record: nine bytes of time, five of counter.</summary>
    public static byte[] BenchRecord(int doubles) =>
        [.. Bytes.Long(1_700_000_000_000_000_000), .. Bytes.Long(1 << 30), .. new byte[2 + 8 * doubles]];

    /// <summary>Makes a record r of the given fields, each <c>name: type</c> with the type as JSON.</summary>
    public static string Record(params (string Name, string Type)[] fields) =>
        $$"""{"type":"record","name":"r","fields":[{{string.Join(',', fields.Select(field => $$"""{"name":"{{field.Name}}","type":{{field.Type}}}"""))}}]}""";

    public static RecordLayout Layout(params (string Name, string Type)[] fields) => RecordSchema.Parse(Record(fields)).Layout;

    /// <summary>Finds a file of the repository, upwards from the tests' folder.</summary>
    public static string RepositoryFile(string relative)
    {
        var folder = new DirectoryInfo(TestContext.CurrentContext.TestDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "SpeedData.sln")))
            folder = folder.Parent ?? throw new DirectoryNotFoundException("the repository's root");
        return Path.Combine(folder.FullName, relative);
    }
}
