using SpeedData.Server.Recordings;
using SpeedData.Tests.Container;
using SpeedData.Tests.Support;

namespace SpeedData.Tests.Server.Recordings;

public sealed class ReaderProcessTests
{
    private const int Records = 100_000;

    [Test]
    public async Task A_process_that_is_ended_early_leaves_no_files()
    {
        using var folder = new TempFolder();
        string archive = Path.Combine(folder.Path, "a.avro");
        await File.WriteAllBytesAsync(archive, ContainerBuilder.Of(ContainerBuilder.LongSchema, "null").Block("null", Records, new byte[Records]).Bytes);
        int id;
        using (ReaderProcess process = await ReaderProcess.StartAsync(["export", archive, "--format", "csv", "--output", "-"]))
        {
            id = process.Id;
            Assert.That(await process.Output.ReadAsync(new byte[1]), Is.EqualTo(1), "it runs, and waits because nobody reads the rest");
        }

        Assert.That(Directory.EnumerateFiles(Path.GetTempPath(), $"*-{id}-*"), Is.Empty);
    }
}
