using SpeedData.Core.Archive.Index;
using SpeedData.Core.Archive.Recovery;
using SpeedData.Core.Container;
using SpeedData.Tests.Support;

namespace SpeedData.Tests.Archive.Recovery;

public sealed class KnownEntriesTests
{
    private const int Entries = 6_000, BlockBytes = 100;

    [Test]
    public void Entries_after_a_large_missing_part_are_found()
    {
        using var folder = new TempFolder();
        string path = Path.Combine(folder.Path, "a.idx");
        File.WriteAllBytes(path, Index());
        using IndexCursor cursor = IndexCursor.TryOpen(path)!;
        var known = new KnownEntries(cursor);
        Assert.Multiple(() =>
        {
            Assert.That(OffsetOf(known, 0), Is.Zero);
            Assert.That(OffsetOf(known, 5_500), Is.EqualTo(5_500 * BlockBytes), "beyond the window");
            Assert.That(OffsetOf(known, 5_501), Is.EqualTo(5_501 * BlockBytes));
            Assert.That(known.Take(Crc(Entries), BlockBytes), Is.Null, "no such block");
            Assert.That(OffsetOf(known, Entries - 1), Is.EqualTo((Entries - 1) * BlockBytes), "an unknown block does not lose the next one");
        });
    }

    private static long? OffsetOf(KnownEntries known, int block) => known.Take(Crc(block), BlockBytes)?.Offset;

    private static uint Crc(int block) => (uint)block + 1;

    private static byte[] Index()
    {
        byte[] sync = ContainerHeader.NewSync();
        using var entry = new EntryBuffer(256);
        using var index = new EntryBuffer(1 << 20);
        index.Append(IndexSchema.Header("alpha", "a.avro", [], sync));
        for (int i = 0; i < Entries; i++)
        {
            entry.Clear();
            IndexEncoding.Write(new IndexEntry { Offset = i * BlockBytes, Bytes = BlockBytes, Records = 1, Crc32C = Crc(i) }, entry);
            index.Long(1);
            index.Text(entry.Bytes);
            index.Append(sync);
        }

        return index.Bytes.ToArray();
    }
}
