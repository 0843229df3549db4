using SpeedData.Core.Channels;
using SpeedData.Core.Configuration;
using SpeedData.Core.Schema;
using SpeedData.Core.Supervision;

namespace SpeedData.Tests.Support;

/// <summary>Overloads that load the schemas from the options.</summary>
internal static class SupervisorExtensions
{
    public static RecordSchemas Load(ChannelOptions options) => new([.. options.SchemaPaths.Select(path => RecordSchema.Load(path, options.SchemaRoot))]);

    public static Channel Add(this Supervisor supervisor, ChannelOptions options) => supervisor.Add(options, Load(options));

    public static Task<IReadOnlyList<ChannelKey>?> ChangeAsync(this Supervisor supervisor, ChannelOptions options) => supervisor.ChangeAsync(options, Load(options));
}
