using System.Net;
using SpeedData.Core.Sources;

namespace SpeedData.Core.Diagnostics;

/// <summary>The key of a group of refused datagrams. Source is the address of <see cref="SourceAddress"/> without the port.</summary>
internal readonly record struct RejectKey(UInt128 Source, DropReason Drop, byte Kind);

/// <summary>A sample without its bytes.</summary>
internal readonly record struct SampleHead(long TimeNs, SourceAddress Source, int Length);

/// <summary>
/// The memory of a <see cref="RejectLog"/>: groups in the order in which they were first seen, then one group for all others. One
/// thread counts, and counts may be read at any time. Samples belong to the thread that holds the log's flag.
/// </summary>
internal sealed class RejectTable
{
    private const int Others = RejectLog.MaxGroups;
    private const int SamplesPerGroup = RejectLog.FirstSamples + RejectLog.LatestSamples;

    private readonly RejectKey[] _keys = new RejectKey[Others + 1];
    private readonly long[] _counts = new long[Others + 1];
    private readonly long[] _kept = new long[Others + 1];
    private readonly SampleHead[] _heads = new SampleHead[(Others + 1) * SamplesPerGroup];
    private readonly SampleMemory _samples = new((Others + 1) * SamplesPerGroup, RejectLog.SampleBytes);
    private int _groups;

    /// <summary>The adding thread: counts datagrams.</summary>
    /// <returns>The index of their group.</returns>
    public int Count(RejectKey key, int count)
    {
        int group = GroupOf(key);
        // Volatile, so that a long that takes two stores is never read half written.
        Volatile.Write(ref _counts[group], _counts[group] + count);
        return group;
    }

    /// <summary>The thread that holds the flag: keeps a sample in place of the oldest of the latest.</summary>
    public void Keep(int group, SampleHead head, ReadOnlySpan<byte> datagram)
    {
        int slot = SlotOf(group, _kept[group]++);
        _heads[slot] = head;
        _samples.Write(slot, datagram);
    }

    public IReadOnlyList<RejectCount> Counts()
    {
        var counts = new List<RejectCount>();
        foreach (int group in Used())
            counts.Add(CountOf(group));
        return counts;
    }

    /// <summary>The thread that holds the flag: returns all groups.</summary>
    public IReadOnlyList<RejectGroup> Groups()
    {
        var groups = new List<RejectGroup>();
        foreach (int group in Used())
            groups.Add(new RejectGroup(CountOf(group), First(group), Latest(group)));
        return groups;
    }

    private int GroupOf(RejectKey key)
    {
        int known = _keys.AsSpan(0, _groups).IndexOf(key);
        if (known >= 0)
            return known;
        if (_groups == Others)
        {
            if (_counts[Others] == 0)
                _keys[Others] = key;
            return Others;
        }
        _keys[_groups] = key;
        // Release: a reader that sees this group sees its key.
        Volatile.Write(ref _groups, _groups + 1);
        return _groups - 1;
    }

    private IEnumerable<int> Used()
    {
        int groups = Volatile.Read(ref _groups);
        for (int group = 0; group < groups; group++)
            yield return group;
        if (Volatile.Read(ref _counts[Others]) > 0)
            yield return Others;
    }

    private RejectCount CountOf(int group)
    {
        long count = Volatile.Read(ref _counts[group]);
        RejectKey key = _keys[group];
        return new RejectCount(group == Others ? null : new SourceAddress(key.Source, 0).ToIPAddress(), key.Drop, key.Kind, count);
    }

    private RejectSample[] First(int group) => Samples(group, 0, Math.Min(_kept[group], RejectLog.FirstSamples));

    private RejectSample[] Latest(int group) =>
        Samples(group, Math.Max(RejectLog.FirstSamples, _kept[group] - RejectLog.LatestSamples), _kept[group]);

    private RejectSample[] Samples(int group, long from, long to)
    {
        var samples = new RejectSample[Math.Max(0, to - from)];
        for (int i = 0; i < samples.Length; i++)
        {
            int slot = SlotOf(group, from + i);
            SampleHead head = _heads[slot];
            samples[i] = new RejectSample(
                DateTimeOffset.UnixEpoch.AddTicks(head.TimeNs / 100),
                new IPEndPoint(head.Source.ToIPAddress(), head.Source.Port),
                head.Length,
                _samples.Read(slot, head.Length));
        }
        return samples;
    }

    private static int SlotOf(int group, long ordinal) =>
        (group * SamplesPerGroup) + (int)(ordinal < RejectLog.FirstSamples
            ? ordinal
            : RejectLog.FirstSamples + ((ordinal - RejectLog.FirstSamples) % RejectLog.LatestSamples));
}
