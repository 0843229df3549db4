using SpeedData.Core.Container;

namespace SpeedData.Tests.Container;

public sealed class BlockWalkTests
{
    /// <summary>With these sizes, the marker's own bytes look like a block that ends at the next marker.</summary>
    [TestCase(0, new byte[] { 2, 2 * 18 }, TestName = "A_size_that_leads_to_the_marker_costs_no_other_block")]
    [TestCase(1, new byte[] { 2 * 19 }, TestName = "A_size_that_leads_to_the_last_byte_before_the_marker_costs_no_other_block")]
    public void A_wrong_size_costs_no_other_block(int early, byte[] sync)
    {
        Array.Resize(ref sync, ContainerHeader.SyncLength);
        ContainerBuilder file = ContainerBuilder.Of(ContainerBuilder.LongSchema, null)
            .Frame(40, ContainerBuilder.Longs([.. Enumerable.Repeat(1L, 40)])).Frame(2, ContainerBuilder.Longs(3, 4)).Frame(1, ContainerBuilder.Longs(5));
        byte[] bytes = file.Bytes;
        for (int at = bytes.AsSpan().IndexOf(ContainerBuilder.Sync); at >= 0; at = bytes.AsSpan().IndexOf(ContainerBuilder.Sync))
            sync.CopyTo(bytes, at);
        bytes[file.Starts[0] + 1] = (byte)(2 * (40 - ContainerHeader.SyncLength - early));

        var walk = new BlockWalk(ContainerReader.Open(new Support.BytesSource(bytes), out _)!, CancellationToken.None);
        var places = new List<BlockPlace>();
        while (walk.MoveNext())
            places.Add(walk.Current);

        Assert.That(places.Select(place => ((int)place.Offset, place.Fault?.Kind)), Is.EqualTo(new (int, ContainerFaultKind?)[]
        {
            (file.Starts[0], ContainerFaultKind.SyncMismatch), (file.Starts[1], null), (file.Starts[2], null),
        }));
    }
}
