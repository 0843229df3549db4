using SpeedData.Core.Configuration;

namespace SpeedData.Tests.Archive.Recovery;

/// <summary>A recovery that is killed, or finds the disk full, at each of its file operations in turn.</summary>
public sealed class InterruptedTests
{
    private const int Enospc = 28;

    [TestCase(ArchiveCodec.Null, false)]
    [TestCase(ArchiveCodec.Null, true)]
    [TestCase(ArchiveCodec.Zstandard, false)]
    [TestCase(ArchiveCodec.Zstandard, true)]
    public void A_recovery_killed_at_any_operation_has_the_same_result_after_a_restart(ArchiveCodec codec, bool damagedInside) =>
        Interrupt(codec, damagedInside, (bench, operation) =>
        {
            bench.Files.Fails = AtCall(operation, _ => throw new Killed());
            try
            {
                bench.Recover();
            }
            catch (Killed)
            {
                return true;
            }

            return false;
        });

    [TestCase(ArchiveCodec.Null, false)]
    [TestCase(ArchiveCodec.Null, true)]
    [TestCase(ArchiveCodec.Zstandard, true)]
    public void A_recovery_killed_in_the_middle_of_a_write_has_the_same_result_after_a_restart(ArchiveCodec codec, bool damagedInside) =>
        Interrupt(codec, damagedInside, (bench, write) =>
        {
            int writes = 0;
            bool killed = false;
            bench.Files.Takes = length => writes++ == write ? (int)length / 2 : null;
            // Kills the process after half of the write.
            bench.Files.Fails = operation => writes > write && operation != "Write" ? throw new Killed() : 0;
            try
            {
                bench.Recover();
            }
            catch (Killed)
            {
                killed = true;
            }

            bench.Files.Takes = _ => null;
            return killed || writes > write;
        });

    [TestCase(ArchiveCodec.Null, false)]
    [TestCase(ArchiveCodec.Null, true)]
    [TestCase(ArchiveCodec.Zstandard, false)]
    public void A_recovery_on_a_full_disk_is_completed_once_there_is_space(ArchiveCodec codec, bool damagedInside) =>
        Interrupt(codec, damagedInside, (bench, operation) =>
        {
            bool failed = false;
            bench.Files.Fails = AtCall(operation, name => (failed = name is "Create" or "Write" or "Sync") ? Enospc : 0);
            bench.Recover();
            return failed || bench.Files.Calls.Count > operation;
        });

    private static Func<string, int> AtCall(int call, Func<string, int> then)
    {
        int calls = 0;
        return operation => calls++ == call ? then(operation) : 0;
    }

    /// <param name="codec">Codec of the file.</param>
    /// <param name="damagedInside">Whether a block in the middle is damaged too, so that the blocks after it move.</param>
    /// <param name="interrupt">Interrupts the n-th operation of a recovery; returns false if there are fewer.</param>
    private static void Interrupt(ArchiveCodec codec, bool damagedInside, Func<RecoveryBench, int, bool> interrupt)
    {
        Pristine archive = RecoveryBench.Archive(codec, 10, 12, 9, 14, 11);
        byte[] left = archive.Bytes[..^(16 + (codec == ArchiveCodec.Null ? 9 : 2))];
        if (damagedInside)
            left[archive.File.BlockStarts[1] + 1] ^= 0x55; // in the count or the size
        using var bench = new RecoveryBench();
        Dictionary<string, byte[]> expected = Result(bench, archive, left, () => { });
        for (int occasion = 0; ; occasion++)
        {
            bool interrupted = false;
            Dictionary<string, byte[]> result = Result(bench, archive, left, () => interrupted = interrupt(bench, occasion));
            Assert.That(result.Keys, Is.EqualTo(expected.Keys), $"occasion {occasion}");
            foreach ((string name, byte[] bytes) in result.Where(file => !file.Key.EndsWith(".idx", StringComparison.Ordinal)))
                Assert.That(bytes, Is.EqualTo(expected[name]), $"occasion {occasion}: {name}");
            if (!interrupted)
                break;
            Assert.That(occasion, Is.LessThan(500), "the loop must end");
        }
    }

    private static Dictionary<string, byte[]> Result(RecoveryBench bench, Pristine archive, byte[] left, Action first)
    {
        bench.Clear();
        bench.Files.Calls.Clear();
        bench.Put(archive.Part, left);
        bench.Put(archive.IndexName, archive.Index);
        first();
        bench.Files.Fails = _ => 0;
        Assert.That(bench.Recover(), Is.True, string.Join("; ", bench.Reports));
        return bench.Names.ToDictionary(name => name, name => File.ReadAllBytes(bench.PathOf(name)));
    }

    private sealed class Killed : Exception;
}
