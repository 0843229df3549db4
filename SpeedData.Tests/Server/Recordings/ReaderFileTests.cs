using SpeedData.Server.Recordings;
using SpeedData.Tests.Support;

namespace SpeedData.Tests.Server.Recordings;

public sealed class ReaderFileTests
{
    [Test]
    public void Files_of_a_killed_server_are_deleted_and_files_in_use_stay()
    {
        using var folder = new TempFolder();
        string[] left = [.. new[] { "speeddata-answer-1", "speeddata-answer-2", "speeddata-answer-3", "speeddata-other" }.Select(name => Directory.CreateDirectory(Path.Combine(folder.Path, name)).FullName)];
        foreach (string one in left.Where((_, i) => i != 2))
            File.WriteAllText(Path.Combine(one, "lock"), "");
        File.WriteAllText(Path.Combine(left[0], "answer"), "cut");
        using (new FileStream(Path.Combine(left[1], "lock"), FileMode.Open, FileAccess.ReadWrite, FileShare.None))
            Assert.That(ReaderFile.DeleteAbandoned(folder.Path), Is.EqualTo(1));
        Assert.That(left.Where(Directory.Exists), Is.EqualTo(left[1..]), "one file is in use, one was just begun, and one does not belong to a reader");
    }
}
