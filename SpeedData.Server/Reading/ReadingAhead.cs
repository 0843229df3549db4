using SpeedData.Core.Export;
using SpeedData.Core.Schema;

namespace SpeedData.Server.Reading;

/// <summary>Compiles code that a reading command will need on another core, while the command line is being parsed.</summary>
internal static class ReadingAhead
{
    private const string Schema = """{"type":"record","name":"r","fields":[{"name":"t","type":{"type":"long","logicalType":"timestamp-nanos"}},{"name":"d","type":"double"}]}""";

    public static void Begin(string[] arguments)
    {
        if (Environment.ProcessorCount == 1)
            return;
        if (arguments is ["export", ..] && Array.Exists(arguments, argument => argument.EndsWith("csv", StringComparison.OrdinalIgnoreCase)))
            _ = Task.Run(CompileExport.Run);
        else if (arguments is ["export" or "ls" or "info" or "replay", ..])
            _ = Task.Run(() => FileSchema.Compile(Schema));
    }
}
