using System.Text;
using SpeedData.Core.Configuration;
using SpeedData.Core.Inspect;
using SpeedData.Tests.Archive;
using SpeedData.Tests.Archive.Recovery;
using SpeedData.Tests.Support;

namespace SpeedData.Tests.Inspect;

/// <summary>Changes each byte of an archive in many ways and checks the findings of verify.</summary>
[TestFixture(ArchiveCodec.Null)]
[TestFixture(ArchiveCodec.Deflate)]
[TestFixture(ArchiveCodec.Zstandard)]
public sealed class EveryByteChangedTests(ArchiveCodec codec)
{
    private Pristine _archive = null!;

    [OneTimeSetUp]
    public void Write() => _archive = RecoveryBench.Archive(codec, 3, 1, 12, 4);

    [Test]
    public void Nothing_is_found_in_an_unchanged_archive() => Assert.Multiple(() =>
    {
        FileReport report = Verify(_archive.Bytes, _archive.Index);
        Assert.That(report.Findings.Listed, Is.Empty);
        Assert.That((report.Records, report.Blocks, report.Index, report.IndexEntries), Is.EqualTo((20, 4, IndexState.Used, 4)));
        Assert.That(UndetectableFaults.Of(report), Is.Empty);
        Assert.That(Verify(_archive.Bytes, null).Findings.Listed, Is.Empty);
        Assert.That(UndetectableFaults.Of(Verify(_archive.Bytes, null)).Count(), Is.EqualTo(2));
    });

    [Test]
    public void With_an_index_every_change_is_found()
    {
        foreach ((int at, byte[] changed) in Changes(0, _archive.Bytes.Length))
            Assert.That(Verify(changed, _archive.Index).Findings.Total, Is.Positive, $"byte {at:N0} is {changed[at]:X2}");
    }

    [Test]
    public void Without_an_index_every_change_of_a_count_a_size_and_a_marker_is_found()
    {
        foreach ((int start, int end) in Structure())
        {
            foreach ((int at, byte[] changed) in Changes(start, end))
                Assert.That(Verify(changed, null).Findings.Total, Is.Positive, $"byte {at:N0} is {changed[at]:X2}");
        }
    }

    [Test]
    public void Without_an_index_every_change_that_breaks_the_schema_is_found()
    {
        int broken = 0;
        for (int i = 0; i < _archive.File.Blocks.Count; i++)
        {
            (long count, byte[] stored, byte[] _) = _archive.File.Blocks[i];
            int data = _archive.File.BlockEnds[i] - 16 - stored.Length;
            foreach ((int at, byte[] changed) in Changes(data, data + stored.Length))
            {
                if (Fits(changed.AsSpan(data, stored.Length), count))
                    continue;
                broken++;
                Assert.That(Verify(changed, null).Findings.Total, Is.Positive, $"byte {at:N0} is {changed[at]:X2}");
            }
        }

        Assert.That(broken, Is.GreaterThan(100));
    }

    /// <summary>Every other block is still reported.</summary>
    [Test]
    public void A_change_costs_no_block_but_its_own()
    {
        foreach ((int at, byte[] changed) in Changes(_archive.HeaderEnd, _archive.Bytes.Length))
        {
            int hit = _archive.File.BlockEnds.FindIndex(end => at < end);
            long others = _archive.File.Blocks.Where((_, i) => i != hit).Sum(block => block.Count);
            Assert.That(Verify(changed, null).Records, Is.GreaterThanOrEqualTo(others), $"byte {at:N0} is {changed[at]:X2}");
        }
    }

    [Test]
    public void A_cut_is_found_inside_blocks_and_with_an_index_between_blocks_too()
    {
        for (int length = 0; length < _archive.Bytes.Length; length++)
        {
            byte[] cut = _archive.Bytes[..length];
            bool isBetween = length == _archive.HeaderEnd || _archive.File.BlockEnds.Contains(length);
            Assert.Multiple(() =>
            {
                Assert.That(Verify(cut, null).Findings.Total > 0, Is.Not.EqualTo(isBetween), $"cut at {length:N0}");
                Assert.That(Verify(cut, _archive.Index).Findings.Total, Is.Positive, $"cut at {length:N0}");
            });
        }
    }

    private static FileReport Verify(byte[] archive, byte[]? index) =>
        new FileVerifier(null, null, CancellationToken.None).Verify(new BytesSource(archive), index is null ? null : new BytesSource(index));

    private IEnumerable<(int Start, int End)> Structure()
    {
        for (int i = 0; i < _archive.File.Blocks.Count; i++)
        {
            int marker = _archive.File.BlockEnds[i] - 16;
            yield return (_archive.File.BlockStarts[i], marker - _archive.File.Blocks[i].Stored.Length);
            yield return (marker, marker + 16);
        }
    }

    private IEnumerable<(int At, byte[] Changed)> Changes(int start, int end)
    {
        for (int at = start; at < end; at++)
        {
            foreach (byte other in Others(_archive.Bytes[at]))
            {
                byte[] changed = [.. _archive.Bytes];
                changed[at] = other;
                yield return (at, changed);
            }
        }
    }

    private static IEnumerable<byte> Others(byte value) =>
        Enumerable.Range(0, 8).Select(bit => (byte)(value ^ (1 << bit))).Append((byte)~value).Append((byte)0).Append((byte)(value + 1)).Where(other => other != value).Distinct();

    /// <summary>Whether the data is the stated number of records, according to the test's own decoder.</summary>
    private bool Fits(ReadOnlySpan<byte> stored, long count)
    {
        try
        {
            byte[] data = ContainerFile.Decode(_archive.File.Metadata["avro.codec"], stored.ToArray());
            int at = 0;
            for (long i = 0; i < count; i++)
            {
                TestRecord.DecodeLong(data, ref at);
                int length = checked((int)TestRecord.DecodeLong(data, ref at));
                _ = new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(data, at, length);
                at += length;
            }

            return at == data.Length;
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            return false;
        }
    }
}
