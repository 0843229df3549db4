using System.Text;

namespace SpeedData.Core.Configuration.Registered;

/// <summary>The file of a registered channel, as it is on disk.</summary>
/// <param name="Name">The channel's name: the file's name without <c>.json</c>.</param>
/// <param name="Path">The absolute path.</param>
/// <param name="Text">The file's bytes.</param>
public sealed record RegisteredFile(string Name, string Path, byte[] Text)
{
    /// <summary>The path of the .avsc file that stores an inline schema beside the channel's file.</summary>
    public string InlineSchemaPath => System.IO.Path.ChangeExtension(Path, null) + ".avsc";
}

/// <summary>A registered channel as its file describes it.</summary>
/// <param name="File">The channel's file.</param>
/// <param name="Options">The channel's options, with the defaults of the configuration file.</param>
/// <param name="InlineSchema">The schema if the file contains it; null if the file names one.</param>
public sealed record RegisteredChannel(RegisteredFile File, ChannelOptions Options, string? InlineSchema)
{
    public string Name => File.Name;

    public string Text => Encoding.UTF8.GetString(File.Text);
}

/// <summary>The result of reading the files of registered channels.</summary>
/// <param name="Channels">The channels in the order of the files, including those with faults.</param>
/// <param name="Faults">All faults. Keys begin with the file's path.</param>
/// <param name="Warnings">Accepted settings that deserve attention.</param>
public sealed record RegisteredResult(
    IReadOnlyList<RegisteredChannel> Channels, IReadOnlyList<ConfigurationFault> Faults, IReadOnlyList<ConfigurationWarning> Warnings);
