using SpeedData.Core.Archive;
using SpeedData.Core.Rejects;
using SpeedData.Tests.Archive;
using SpeedData.Tests.Support;

namespace SpeedData.Tests.Rejects;

public sealed class RejectFolderTests
{
    [Test]
    public void A_file_that_gets_its_final_name_at_that_moment_counts_for_the_quota()
    {
        using var temp = new TempFolder();
        string[] finished = [.. Enumerable.Range(0, 4).Select(i => Path.Combine(temp.Path, $"alpha-20260101T00000{i}.000000Z.rejected.avro"))];
        string ending = finished[^1] + ".part";
        foreach (string file in (string[])[.. finished[..^1], ending])
            File.WriteAllBytes(file, new byte[100]);
        int lists = 0;
        var files = new FaultyFiles
        {
            Fails = operation =>
            {
                if (operation == "List" && ++lists == 2)
                    File.Move(ending, finished[^1]);
                return 0;
            },
        };
        using var folder = new ArchiveFolder(temp.Path, "alpha", files, TimeProvider.System);

        new RejectFolder("alpha", folder, files).Limit(350);

        Assert.That(Directory.GetFiles(temp.Path).Sum(file => new FileInfo(file).Length), Is.LessThanOrEqualTo(350));
        Assert.That(finished[0], Does.Exist, "the first file is kept");
        Assert.That(finished[^1], Does.Exist, "the latest file is kept");
    }
}
