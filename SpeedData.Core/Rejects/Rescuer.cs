using Microsoft.Win32.SafeHandles;
using SpeedData.Core.Container;
using SpeedData.Core.Schema;

namespace SpeedData.Core.Rejects;

/// <summary>The result of a rescue.</summary>
public sealed record RescueResult
{
    /// <summary>The channel that the archives belong to.</summary>
    public required string Channel { get; init; }

    /// <summary>Number of refused datagrams that were read.</summary>
    public long Read { get; set; }

    /// <summary>Number of refused datagrams that are now in an archive.</summary>
    public long Rescued { get; set; }

    /// <summary>Number of refused datagrams that do not match the schema exactly.</summary>
    public long Unfit { get; set; }

    /// <summary>Number of refused datagrams left out because their sender was not allowed.</summary>
    public long Denied { get; set; }

    /// <summary>Number of refused datagrams that were not kept, as far as the files know.</summary>
    public long NotKept { get; set; }

    /// <summary>Damage in the files, each with the file's path.</summary>
    public IReadOnlyList<string> Damage { get; set; } = [];

    /// <summary>Paths of the written archives.</summary>
    public IReadOnlyList<string> Written { get; set; } = [];

    /// <summary>Why the output could not be written; null if it was written.</summary>
    public string? Trouble { get; set; }
}

/// <summary>Creates archives from refused datagrams, as if the channel had had the right schema on receipt. One thread.</summary>
/// <param name="schema">The right schema.</param>
/// <param name="root">The archive root to write to.</param>
/// <param name="takesDenied">Whether datagrams from senders that were not allowed are included.</param>
/// <param name="stop">Cancels the rescue; the written archives are then deleted.</param>
public sealed class Rescuer(RecordSchema schema, string root, bool takesDenied, CancellationToken stop)
{
    private readonly List<string> _damage = [];

    /// <param name="channel">The channel's name; null for the name in the files.</param>
    /// <param name="paths">Files of refused datagrams, oldest first; at least one.</param>
    /// <exception cref="RescueException">A file cannot be read, or is not a file of refused datagrams.</exception>
    /// <exception cref="OperationCanceledException">The rescue was cancelled.</exception>
    public RescueResult Run(string? channel, IReadOnlyList<string> paths)
    {
        ArgumentNullException.ThrowIfNull(paths);
        string[] channels = [.. paths.Select(path => Open(path, reader => reader.Header.Text("speeddata.channel") ?? "")).Distinct(StringComparer.Ordinal)];
        if (channel is null && channels.Length > 1)
            throw new RescueException($"the files belong to several channels ({string.Join(", ", channels)}); rescue one channel at a time, or give --channel");
        var result = new RescueResult { Channel = channel ?? channels[0] };
        using var target = new RescueTarget(result.Channel, schema, root);
        try
        {
            foreach (string path in paths)
                Open(path, reader => Rescue(path, reader, target, result));
            result.Trouble = target.End(stop);
        }
        catch
        {
            target.Discard();
            throw;
        }

        (result.Damage, result.Written) = (_damage, target.Written);
        return result;
    }

    private bool Rescue(string path, ContainerReader file, RescueTarget target, RescueResult result)
    {
        var datagrams = new RejectReader(file, stop);
        long lost = 0;
        while (datagrams.MoveNext())
        {
            result.Read++;
            result.NotKept += datagrams.LostBefore;
            lost += datagrams.LostBefore;
            if (datagrams.IsDenied && !takesDenied)
                result.Denied++;
            else if (schema.Layout.Check(datagrams.Datagram) != RecordFaultKind.None)
                result.Unfit++;
            else
                Take(datagrams, ref lost);
        }

        if (datagrams.Damage is { } damage)
            _damage.Add($"{path}: {damage}");
        return true;

        void Take(RejectReader datagram, ref long lostBefore)
        {
            target.Add(datagram.Datagram, datagram.TimeNs, datagram.Source, lostBefore, stop);
            lostBefore = 0;
            result.Rescued++;
        }
    }

    private static T Open<T>(string path, Func<ContainerReader, T> use)
    {
        try
        {
            using SafeFileHandle handle = OpenFile.Open(path, out IByteSource source);
            if (ContainerReader.Open(source, out ContainerFault? fault) is not { } reader)
                throw new RescueException($"{path} is not an Avro container file: {fault!.Why}");
            return reader.Header.Schema == RejectedRecord.Schema
                ? use(reader)
                : throw new RescueException($"{path} has no refused datagrams; they are in files whose names end in .rejected.avro");
        }
        catch (Exception e) when (OpenFile.IsTrouble(e))
        {
            throw new RescueException($"{path} cannot be read: {e.Message}", e);
        }
    }
}

/// <summary>A file cannot be used for a rescue.</summary>
public sealed class RescueException(string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>Whether the error concerns the output.</summary>
    public bool IsOfOutput { get; init; }
}
