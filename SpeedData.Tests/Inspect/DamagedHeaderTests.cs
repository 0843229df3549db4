using SpeedData.Core.Configuration;
using SpeedData.Core.Inspect;
using SpeedData.Core.Inspect.Repair;
using SpeedData.Tests.Archive;
using SpeedData.Tests.Archive.Recovery;

namespace SpeedData.Tests.Inspect;

/// <summary>Files with a damaged header: everything undamaged is recovered, byte for byte as in the original.</summary>
[TestFixture(ArchiveCodec.Null)]
[TestFixture(ArchiveCodec.Deflate)]
[TestFixture(ArchiveCodec.Zstandard)]
public sealed class DamagedHeaderTests(ArchiveCodec codec)
{
    private Pristine _archive = null!;
    private Pristine _sibling = null!;
    private InspectBench _bench = null!;
    private List<TestRecord> _records = null!;

    [OneTimeSetUp]
    public void Write()
    {
        _archive = RecoveryBench.Archive(codec, 3, 1, 12, 4);
        _sibling = RecoveryBench.Archive(codec, 5, 2);
        _records = _archive.File.Records();
    }

    [SetUp]
    public void Begin() => _bench = new InspectBench();

    [TearDown]
    public void End() => _bench.Dispose();

    [Test]
    public void With_its_index_a_change_of_any_byte_of_the_header_is_undone_exactly()
    {
        for (int at = 0; at < _archive.HeaderEnd; at++)
        {
            byte[] damaged = [.. _archive.Bytes];
            damaged[at] ^= (byte)(1 + (at * 37 % 255));
            RepairReport report = Repair(damaged, _archive.Index);
            AssertComplete(report, $"byte {at}");
            Assert.That(new ContainerFile(report.Target!).Metadata, Is.EqualTo(_archive.File.Metadata), $"byte {at}");
        }
    }

    [Test]
    public void With_its_index_a_header_of_zeros_is_restored()
    {
        byte[] damaged = [.. _archive.Bytes];
        damaged.AsSpan(0, _archive.HeaderEnd).Clear();
        RepairReport report = Repair(damaged, _archive.Index);
        AssertComplete(report, "zeros");
        Assert.That(new ContainerFile(report.Target!).Metadata, Is.EqualTo(_archive.File.Metadata));
    }

    [Test]
    public void Without_an_index_the_header_is_rebuilt_from_another_file_in_the_folder()
    {
        byte[] damaged = [.. _archive.Bytes];
        damaged.AsSpan(0, _archive.HeaderEnd - 16).Clear();
        _bench.Put("z-" + _sibling.Finished, _sibling.Bytes);
        RepairReport report = Repair(damaged, null);
        AssertComplete(report, "no index");
        Assert.That(report.Found.Findings.Listed.Single().Detail, Does.Contain("rebuilt from that of"));
    }

    [Test]
    public void With_the_schema_alone_everything_is_restored_too()
    {
        byte[] damaged = [.. _archive.Bytes];
        damaged.AsSpan(0, _archive.HeaderEnd - 16).Clear();
        string schema = _bench.Put("given.avsc", System.Text.Encoding.UTF8.GetBytes(TestRecord.Schema));
        RepairReport report = Repair(damaged, null, schema);
        AssertComplete(report, "schema given");
        Assert.That(report.Found.Findings.Listed.Single().Detail, Does.Contain("given.avsc"));
    }

    [Test]
    public void Only_a_damaged_block_after_a_damaged_header_is_lost()
    {
        byte[] damaged = [.. _archive.Bytes];
        damaged[1] ^= 0xFF;
        damaged[_archive.File.BlockEnds[2] - 20] ^= 0xFF;
        RepairReport report = Repair(damaged, _archive.Index);
        List<TestRecord> saved = new ContainerFile(report.Target!).Records();
        Assert.Multiple(() =>
        {
            Assert.That(saved.Take(4), Is.EqualTo(_records.Take(4)));
            Assert.That(saved.TakeLast(4), Is.EqualTo(_records.TakeLast(4)));
            Assert.That((report.IsLossy, report.LostRecords), Is.EqualTo((saved.Count < _records.Count, _records.Count - saved.Count)));
        });
    }

    [Test]
    public void A_schema_that_does_not_fit_the_records_is_not_used()
    {
        byte[] damaged = [.. _archive.Bytes];
        damaged[1] ^= 0xFF;
        string schema = _bench.Put("given.avsc", """{"type":"record","name":"other","fields":[{"name":"a","type":{"type":"fixed","name":"F","size":7}}]}"""u8);
        RepairReport report = Repair(damaged, null, schema);
        Assert.That((report.Target, report.IsLossy), Is.EqualTo(((string?)null, true)));
    }

    private void AssertComplete(RepairReport report, string which) => Assert.Multiple(() =>
    {
        Assert.That(report.Target, Is.Not.Null, $"{which}: {report.Trouble}; {string.Join("; ", report.Found.Findings.Listed)}");
        Assert.That((report.IsLossy, report.LostRecords, report.LostBytes), Is.EqualTo((false, 0, 0)), which);
        Assert.That(report.Found.Findings.Counts.Keys, Is.EqualTo([FindingKind.BadHeader]), which);
        Assert.That(new ContainerFile(report.Target!).Records(), Is.EqualTo(_records), which);
    });

    private RepairReport Repair(byte[] archive, byte[]? index, string? schema = null)
    {
        string path = _bench.Put(_archive.Finished, archive);
        if (index is not null)
            _bench.Put(_archive.IndexName, index);
        return _bench.Repair(path, schema);
    }
}
