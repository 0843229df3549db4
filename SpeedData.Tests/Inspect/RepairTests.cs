using SpeedData.Core.Configuration;
using SpeedData.Core.Inspect;
using SpeedData.Core.Inspect.Repair;
using SpeedData.Tests.Archive;
using SpeedData.Tests.Archive.Recovery;

namespace SpeedData.Tests.Inspect;

[TestFixture(ArchiveCodec.Null)]
[TestFixture(ArchiveCodec.Deflate)]
[TestFixture(ArchiveCodec.Zstandard)]
public sealed class RepairTests(ArchiveCodec codec)
{
    private Pristine _archive = null!;
    private InspectBench _bench = null!;
    private List<TestRecord> _records = null!;

    [OneTimeSetUp]
    public void Write()
    {
        _archive = RecoveryBench.Archive(codec, 3, 1, 12, 4);
        _records = _archive.File.Records();
    }

    [SetUp]
    public void Begin() => _bench = new InspectBench();

    [TearDown]
    public void End() => _bench.Dispose();

    [Test]
    public void A_file_without_faults_is_copied_completely_with_its_index()
    {
        RepairReport report = Repair(_archive.Bytes);
        Assert.Multiple(() =>
        {
            Assert.That((report.IsLossy, report.Trouble, report.Found.Findings.Total), Is.EqualTo((false, (string?)null, 0)));
            Assert.That(new ContainerFile(report.Target!).Records(), Is.EqualTo(_records));
            Assert.That((report.IndexEntriesCopied, report.IndexEntriesMade), Is.EqualTo((4, 0)));
            FileReport verified = new FileVerifier(null, null, CancellationToken.None).Verify(InspectPlan.Find([report.Target!]).Items.Single());
            Assert.That((verified.Findings.Total, verified.Index, verified.ReceivedFirstNs), Is.EqualTo((0L, IndexState.Used, (long?)ArchiveBench.StartNs + 1_000_000)));
        });
    }

    [Test]
    public void A_changed_count_size_or_marker_loses_no_record()
    {
        for (int i = 0; i < _archive.File.Blocks.Count; i++)
        {
            int marker = _archive.File.BlockEnds[i] - 16, numbers = marker - _archive.File.Blocks[i].Stored.Length;
            foreach (int at in Enumerable.Range(_archive.File.BlockStarts[i], numbers - _archive.File.BlockStarts[i]).Concat([marker, marker + 7, marker + 15]))
            {
                foreach (byte change in (byte[])[0x01, 0x02, 0x10, 0x80, 0xFF])
                {
                    RepairReport report = Repair(Changed(at, change));
                    Assert.That(new ContainerFile(report.Target!).Records(), Is.EqualTo(_records), $"byte {at:N0} ^ {change:X2}: {string.Join("; ", report.Found.Findings.Listed)}");
                    Assert.That((report.IsLossy, report.LostRecords), Is.EqualTo((false, 0)), $"byte {at:N0} ^ {change:X2}");
                }
            }
        }
    }

    [Test]
    public void A_change_anywhere_after_the_header_costs_at_most_its_block_and_invents_nothing()
    {
        for (int at = _archive.HeaderEnd; at < _archive.Bytes.Length; at++)
        {
            RepairReport report = Repair(Changed(at, 0xFF));
            List<TestRecord> saved = new ContainerFile(report.Target!).Records();
            int hit = _archive.File.BlockEnds.FindIndex(end => at < end);
            int before = (int)_archive.File.Blocks.Take(hit).Sum(block => block.Count), held = (int)_archive.File.Blocks[hit].Count;
            string which = $"byte {at:N0}: {string.Join("; ", report.Found.Findings.Listed)}";
            Assert.Multiple(() =>
            {
                Assert.That(saved.Take(before), Is.EqualTo(_records.Take(before)), which);
                Assert.That(saved.TakeLast(_records.Count - before - held), Is.EqualTo(_records.Skip(before + held)), which);
                Assert.That(saved, Has.Count.LessThanOrEqualTo(_records.Count), which);
                Assert.That(report.IsLossy || saved.SequenceEqual(_records), Is.True, which);
                Assert.That(report.LostRecords, Is.EqualTo(_records.Count - saved.Count), which);
            });
        }
    }

    [Test]
    public void Every_complete_record_of_a_file_cut_after_the_header_is_saved()
    {
        for (int length = _archive.HeaderEnd; length < _archive.Bytes.Length; length++)
        {
            RepairReport report = Repair(_archive.Bytes[..length]);
            List<TestRecord> saved = new ContainerFile(report.Target!).Records();
            Assert.That(saved, Is.EqualTo(_records.Take(saved.Count)), $"cut at {length:N0}");
            int whole = (int)_archive.File.Blocks.Where((_, i) => _archive.File.BlockEnds[i] - 16 <= length).Sum(block => block.Count);
            Assert.That(saved, Has.Count.GreaterThanOrEqualTo(whole), $"cut at {length:N0}");
            Assert.That((report.IsLossy, report.LostRecords), Is.EqualTo((saved.Count < _records.Count, _records.Count - saved.Count)), $"cut at {length:N0}");
        }
    }

    [Test]
    public void Without_an_index_the_count_of_the_torn_block_gives_the_number_of_lost_records()
    {
        int start = _archive.File.BlockStarts[^1];
        for (int length = start + 3; length < _archive.Bytes.Length; length++)
        {
            _bench.Put(_archive.Finished, _archive.Bytes.AsSpan(0, length));
            RepairReport report = _bench.Repair().Single();
            int saved = new ContainerFile(report.Target!).Records().Count;
            Assert.That((report.IsLossy, report.LostRecords), Is.EqualTo((saved < _records.Count, _records.Count - saved)), $"cut at {length:N0}");
        }
    }

    [Test]
    public void A_changed_marker_in_the_header_loses_no_record()
    {
        RepairReport report = Repair(Changed(_archive.HeaderEnd - 5, 0x04));

        Assert.Multiple(() =>
        {
            Assert.That(new ContainerFile(report.Target!).Records(), Is.EqualTo(_records));
            Assert.That((report.IsLossy, report.IndexEntriesCopied), Is.EqualTo((false, 4)));
            Assert.That(report.Found.Findings.Counts.Keys, Is.EqualTo([FindingKind.BadHeader]));
        });
    }

    [Test]
    public void A_file_without_a_header_and_without_a_source_for_one_is_a_loss()
    {
        _bench.Put(_archive.Finished, [.. "Obj"u8, .. _archive.Bytes.AsSpan(4)]);
        RepairReport report = _bench.Repair().Single();

        Assert.Multiple(() =>
        {
            Assert.That((report.Target, report.IsLossy, report.Trouble), Is.EqualTo(((string?)null, true, (string?)null)));
            Assert.That(Directory.Exists(_bench.Out), Is.False);
        });
    }

    /// <summary>The header is partly or fully cut off, so the first block is not at the offset that the index states.</summary>
    [TestCase(0.5, true)]
    [TestCase(1, true)]
    [TestCase(0.5, false)]
    [TestCase(1, false)]
    public void A_header_that_was_cut_off_costs_no_record(double part, bool hasIndex)
    {
        byte[] rest = _archive.Bytes[(int)(_archive.HeaderEnd * part)..];
        RepairReport report = hasIndex ? Repair(rest) : RepairWithSibling(rest);
        Assert.That((report.Records + report.SalvagedRecords, report.LostRecords, report.IsLossy), Is.EqualTo(((long)_records.Count, 0L, false)), string.Join('\n', report.Found.Findings.Listed));
    }

    [TestCase(true)]
    [TestCase(false)]
    public void A_header_of_zeros_costs_no_record(bool hasIndex)
    {
        byte[] zeroed = [.. new byte[_archive.HeaderEnd], .. _archive.Bytes[_archive.HeaderEnd..]];
        RepairReport report = hasIndex ? Repair(zeroed) : RepairWithSibling(zeroed);
        Assert.That((report.Records + report.SalvagedRecords, report.IsLossy), Is.EqualTo(((long)_records.Count, false)), string.Join('\n', report.Found.Findings.Listed));
    }

    [Test]
    public void A_first_block_that_cannot_be_found_after_a_lost_header_is_a_loss()
    {
        Pristine large = RecoveryBench.Archive(codec, 5000, 5);
        int end = large.HeaderEnd + 4;
        RepairReport report = RepairWithSibling([.. new byte[end], .. large.Bytes[end..]]);
        Assert.Multiple(() =>
        {
            Assert.That(report.IsLossy, Is.True);
            Assert.That(report.Records, Is.EqualTo(5));
            Assert.That(report.LostBytes, Is.GreaterThan(0));
        });
    }

    [Test]
    public void The_file_itself_is_never_changed()
    {
        byte[] damaged = Changed(_archive.HeaderEnd + 1, 0x55);
        Repair(damaged);

        Assert.Multiple(() =>
        {
            Assert.That(File.ReadAllBytes(Path.Combine(_bench.In, _archive.Finished)), Is.EqualTo(damaged));
            Assert.That(File.ReadAllBytes(Path.Combine(_bench.In, _archive.IndexName)), Is.EqualTo(_archive.Index));
        });
    }

    [Test]
    public void Nothing_is_repaired_in_place_or_over_an_existing_file()
    {
        string path = _bench.Put(_archive.Finished, _archive.Bytes);
        Directory.CreateDirectory(_bench.Out);
        File.WriteAllText(Path.Combine(_bench.Out, _archive.IndexName), "");
        IReadOnlyList<InspectItem> items = InspectPlan.Find([path]).Items;

        Assert.Multiple(() =>
        {
            Assert.That(RepairPlan.Make(items, _bench.In).Refusals.Single(), Does.Contain("no file is repaired in place"));
            Assert.That(RepairPlan.Make(items, _bench.Out).Refusals.Single(), Does.Contain("exists already"));
            Assert.That(RepairPlan.Make([.. items, .. items], _bench.In + "2").Refusals.Single(), Does.Contain("both become"));
        });
    }

    [Test]
    public void A_result_that_cannot_be_written_leaves_nothing_behind()
    {
        _bench.Files.Takes = _ => 5;
        RepairReport report = Repair(_archive.Bytes);

        Assert.Multiple(() =>
        {
            Assert.That(report.Trouble, Does.Contain("cannot write"));
            Assert.That(report.Target, Is.Null);
            Assert.That(Directory.EnumerateFiles(_bench.Out), Is.Empty);
        });
    }

    [Test]
    public void A_result_that_was_written_wrongly_gets_no_final_name()
    {
        _bench.Files.Fails = operation => operation == "Sync" ? Spoil(Path.Combine(_bench.Out, _archive.Part)) : 0;
        RepairReport report = Repair(_archive.Bytes);

        Assert.Multiple(() =>
        {
            Assert.That(report.Trouble, Does.Contain("the result failed its verification"));
            Assert.That(Directory.EnumerateFiles(_bench.Out), Is.Empty);
        });
    }

    private int Spoil(string path)
    {
        using FileStream file = File.OpenWrite(path);
        file.Position = _archive.HeaderEnd;
        file.WriteByte(0x55);
        return 0;
    }

    private byte[] Changed(int at, byte change)
    {
        byte[] changed = [.. _archive.Bytes];
        changed[at] ^= change;
        return changed;
    }

    /// <summary>Repairs an archive without its index, next to another file of the same channel.</summary>
    private RepairReport RepairWithSibling(byte[] archive)
    {
        _bench.Put(_archive.Finished, archive);
        _bench.Put("bench-20990101T000000.000000Z.avro", _archive.Bytes);
        return _bench.Repair().Single(report => report.Found.Path.EndsWith(_archive.Finished, StringComparison.Ordinal));
    }

    private RepairReport Repair(byte[] archive)
    {
        _bench.Put(_archive.Finished, archive);
        _bench.Put(_archive.IndexName, _archive.Index);
        return _bench.Repair().Single();
    }
}
