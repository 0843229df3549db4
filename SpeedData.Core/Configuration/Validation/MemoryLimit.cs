using SpeedData.Core.Configuration.Reading;
using SpeedData.Core.Configuration.Values;

namespace SpeedData.Core.Configuration.Validation;

/// <summary>
/// Checks that all channels together, with all rings and socket buffers full, leave memory for the process itself.
/// </summary>
internal static class MemoryLimit
{
    private const int Percent = 70;

    // A ring has a descriptor of 32 bytes for every 128 bytes of payload, and a place of 50 bytes for a source for every 1,024
    // bytes, up to a limit. A test compares this with the ring.
    private const long DescriptorBytes = 32, BytesPerDescriptor = 128, SourceBytes = 50, BytesPerSource = 1024, MostSources = 4096;

    // The kernel takes twice the requested size, for its own bookkeeping (socket(7)).
    private const int KernelFactor = 2;

    // 32 messages of 64 KiB, into which a batch of datagrams is received.
    public const long ReceiveSlots = 32 * (64L << 10);

    public static long RingFootprint(long bytes) => bytes + (bytes / BytesPerDescriptor * DescriptorBytes) + (Math.Min(bytes / BytesPerSource, MostSources) * SourceBytes);

    public static void Check(IReadOnlyList<ChannelDraft> drafts, Findings findings, Func<MachineLimits> machine)
    {
        MachineLimits limits = machine();
        long rings = drafts.Where(d => d.Options.Archive.Enabled).Sum(d => d.Options.SchemaPaths.Count * RingFootprint(d.Options.Ring.Bytes));
        long receive = drafts.Sum(d => KernelFactor * Math.Min(d.Options.Receive.BufferBytes, limits.ReceiveBufferBytes));
        long send = drafts.SelectMany(d => d.Streams).Sum(s => KernelFactor * Math.Min(s.Options.BufferBytes, limits.SendBufferBytes));
        long slots = drafts.Count * ReceiveSlots;
        long sum = rings + receive + send + slots;
        long allowed = limits.MemoryBytes / 100 * Percent;
        if (sum <= allowed)
            return;
        findings.Fault(
            Scope.Everyone, $"{SpeedDataOptions.Section}:Channels:*:Ring:Bytes", SizeText.Approximate(sum),
            $"rings {SizeText.Approximate(rings)} + receive buffers {SizeText.Approximate(receive)} + send buffers {SizeText.Approximate(send)} (the kernel takes twice the requested size) + receive slots {SizeText.Approximate(slots)} of {drafts.Count} channels"
            + $" are {SizeText.Approximate(sum)}, over {Percent} % of {SizeText.Approximate(limits.MemoryBytes)} ({limits.MemorySource});"
            + $" at most {SizeText.Approximate(allowed)} is allowed: lower Ring:Bytes or BufferBytes, in Defaults for all channels, or give more memory");
    }
}
