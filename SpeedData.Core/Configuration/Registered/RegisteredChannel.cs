using System.Text;

namespace SpeedData.Core.Configuration.Registered;

/// <summary>The file of a registered channel, as it is on disk.</summary>
/// <param name="Name">The file's name without <c>.json</c>: the channel's name.</param>
/// <param name="Path">Absolute path.</param>
/// <param name="Text">Its bytes.</param>
public sealed record RegisteredFile(string Name, string Path, byte[] Text)
{
    /// <summary>Where a schema that the file holds itself lies for whoever opens files: beside it.</summary>
    public string InlineSchemaPath => System.IO.Path.ChangeExtension(Path, null) + ".avsc";
}

/// <summary>A registered channel as its file describes it.</summary>
/// <param name="File">Its file.</param>
/// <param name="Options">Its options, the defaults of the configuration file applied.</param>
/// <param name="InlineSchema">The schema, where the file holds it; null where it names one.</param>
public sealed record RegisteredChannel(RegisteredFile File, ChannelOptions Options, string? InlineSchema)
{
    public string Name => File.Name;

    public string Text => Encoding.UTF8.GetString(File.Text);
}

/// <summary>What became of the files of registered channels.</summary>
/// <param name="Channels">The channels, in the order of the files; those with faults included.</param>
/// <param name="Faults">Everything that is wrong. Keys begin with the file's path.</param>
/// <param name="Warnings">What is accepted and deserves attention.</param>
public sealed record RegisteredResult(
    IReadOnlyList<RegisteredChannel> Channels, IReadOnlyList<ConfigurationFault> Faults, IReadOnlyList<ConfigurationWarning> Warnings);
