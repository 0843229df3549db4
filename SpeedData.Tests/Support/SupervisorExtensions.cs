using SpeedData.Core.Channels;
using SpeedData.Core.Configuration;
using SpeedData.Core.Schema;
using SpeedData.Core.Supervision;

namespace SpeedData.Tests.Support;

/// <summary>The same with the schema that the options name.</summary>
internal static class SupervisorExtensions
{
    public static Channel Add(this Supervisor supervisor, ChannelOptions options) => supervisor.Add(options, RecordSchema.Load(options.SchemaPath));

    public static Task<IReadOnlyList<ChannelKey>?> ChangeAsync(this Supervisor supervisor, ChannelOptions options) => supervisor.ChangeAsync(options, RecordSchema.Load(options.SchemaPath));
}
