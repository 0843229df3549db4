using SpeedData.Core.Archive;
using SpeedData.Core.Diagnostics;
using SpeedData.Core.Ring;

namespace SpeedData.Core.Channels;

/// <summary>The services that pipelines use.</summary>
/// <param name="Transport">Opens the sockets.</param>
/// <param name="AvroPath">The folder that holds the archives, one folder per channel.</param>
/// <param name="Time">The clock.</param>
/// <param name="Files">File operations of the archive; null for the real ones.</param>
public sealed record PipelineServices(ITransport Transport, string AvroPath, TimeProvider Time, IArchiveFiles? Files = null)
{
    /// <summary>Whether archives wait until <see cref="AvroPath"/> is on a mounted disk of its own.</summary>
    public bool RequireMount { get; init; }

    internal ArchiveFolder CreateFolder(string channel) =>
        new(Path.Combine(AvroPath, channel), channel, Files ?? PortableArchiveFiles.ForThisPlatform, Time, RequireMount ? AvroPath : null);

    internal ArchiveWriter CreateWriter(Channel channel, SchemaCounters schema, bool isAlternative, ArchiveFolder folder, BurstRing ring, SeqLock<WriterTally> tally) => new(
        channel.Name,
        schema.Schema,
        folder,
        channel.Options.Archive,
        channel.Options.Time,
        channel.Options.Restart,
        ring,
        tally,
        channel.Counters,
        Time,
        Files,
        () => channel.Options.Archive,
        isAlternative ? schema : null);
}
