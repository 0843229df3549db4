using SpeedData.Core.Configuration;
using SpeedData.Core.Tags;

namespace SpeedData.Tests.Tags;

/// <summary>Files that other programs put into the folders of tags.</summary>
public sealed class ForeignFilesTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private TagBench _bench = null!;
    private string _folder = "";

    [SetUp]
    public void Record()
    {
        _bench = new TagBench(new ArchiveOptions { RotateEvery = TimeSpan.FromSeconds(3) });
        _bench.Pass(20 * Second, Second);
        _bench.Desk.Add(new Tag("run", _bench.SentNs[0], _bench.SentNs[10]));
        _folder = Path.Combine(_bench.Root, ".tags", "run");
    }

    [TearDown]
    public void End() => _bench.Dispose();

    [Test]
    public void Foreign_files_stay_until_their_deletion_is_requested()
    {
        string[] foreign = [Path.Combine(_folder, "notes.txt"), Path.Combine(_folder, TagBench.Channel, "video.new"), Path.Combine(_folder, TagBench.Channel, "video.mp4")];
        foreach (string path in foreign)
            File.WriteAllText(path, "mine");
        _bench.Desk.Edit("run", tag => tag with { ToNs = _bench.SentNs[12] });
        Assert.That(foreign, Has.All.Exist);
        Assert.That(() => _bench.Desk.Remove("run", deleteData: false), Throws.InstanceOf<TagException>().With.Message.Contain("notes.txt").Or.Message.Contain("video"));
        Assert.That(foreign, Has.All.Exist);
        _bench.Desk.Remove("run", deleteData: true);
        Assert.That(Directory.Exists(_folder), Is.False);
    }

    [TestCase(true)]
    [TestCase(false)]
    public void A_link_to_a_folder_is_removed_and_its_target_stays(bool isWholeTag)
    {
        string own = _bench.Folder.Path;
        string[] files = [.. Directory.EnumerateFiles(own)];
        string link = isWholeTag ? _folder : Path.Combine(_folder, TagBench.Channel);
        string there = isWholeTag ? _bench.Root + "-there" : own;
        if (isWholeTag)
            Directory.Move(_folder, there);
        else
            Directory.Delete(link, recursive: true);
        Directory.CreateSymbolicLink(link, there);
        _bench.RestartKeeper();
        _bench.Desk.Edit("run", tag => tag with { FromNs = _bench.SentNs[9] });
        Assert.That(files, Has.All.Exist);
        _bench.Desk.Remove("run", deleteData: true);
        Assert.Multiple(() =>
        {
            Assert.That(files, Has.All.Exist);
            Assert.That(Directory.Exists(there), Is.True);
            Assert.That(_bench.Desk.List(), Is.Empty);
        });
        if (isWholeTag)
            Directory.Delete(there, recursive: true);
    }

    [TestCase("""{"from":"2026-01-02T03:04:05Z","marks":[null]}""")]
    [TestCase("""{"from":"2026-01-02T03:04:05Z","channels":[null]}""")]
    [TestCase("""{"from":"2026-01-02T03:04:05Z","labels":{"a":null}}""")]
    [TestCase("""{"from":null}""")]
    [TestCase("[]")]
    [TestCase("")]
    public void An_invalid_definition_harms_no_other_tag(string definition)
    {
        File.WriteAllText(Path.Combine(Directory.CreateDirectory(Path.Combine(_bench.Root, ".tags", "odd")).FullName, "tag.json"), definition);
        _bench.RestartKeeper();
        _bench.Look();
        Assert.That(_bench.Desk.List().Select(report => report.Tag.Name), Is.EqualTo(["run"]));
    }

    [Test]
    public void Times_that_cannot_be_written_as_text_are_refused()
    {
        Assert.That(() => _bench.Desk.Mark("run", new TagMark(long.MaxValue, "x")), Throws.InstanceOf<TagException>());
        Assert.That(() => _bench.Desk.Edit("run", tag => tag with { ToNs = long.MaxValue }), Throws.InstanceOf<TagException>());
        Assert.That(_bench.Desk.Get("run").Tag.Marks, Is.Empty);
    }
}
