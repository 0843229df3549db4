using SpeedData.Core.Archive;
using SpeedData.Core.Configuration;
using SpeedData.Core.Reading;
using SpeedData.Core.Tags;
using SpeedData.Tests.Archive;
using SpeedData.Tests.Support;

namespace SpeedData.Tests.Tags;

/// <summary>A process is killed at each file operation of a change in turn. Afterwards the tag is in its old or in its new state.</summary>
public sealed class KilledTests
{
    private const int Mostly = 200;

    private string _recorded = "";
    private TempFolder _temp = null!;

    [OneTimeSetUp]
    public void Record()
    {
        _temp = new TempFolder();
        using var bench = new TagBench(new ArchiveOptions { RotateEvery = TimeSpan.FromSeconds(3) });
        bench.Pass(TimeSpan.FromSeconds(20), TimeSpan.FromSeconds(1));
        bench.Finish();
        _recorded = Path.Combine(_temp.Path, "recorded");
        Copy(bench.Folder.Path, Path.Combine(_recorded, TagBench.Channel));
    }

    [OneTimeTearDown]
    public void Forget() => _temp.Dispose();

    [Test]
    public void A_kill_while_a_tag_is_added_harms_nothing() => Interrupt(_ => { }, desk => desk.Add(Whole("new")));

    [Test]
    public void A_kill_while_a_tag_is_started_with_earlier_records_harms_nothing() => Interrupt(_ => { }, desk => desk.Add(new Tag("new", Ns(10), null) { Channels = [TagBench.Channel] }));

    [Test]
    public void A_kill_while_a_tag_is_stopped_harms_nothing() => Interrupt(desk => desk.Add(new Tag("run", Ns(5), null)), desk => desk.Stop("run", Ns(12)));

    [Test]
    public void A_kill_while_a_tag_is_marked_harms_nothing() => Interrupt(desk => desk.Add(Whole("run")), desk => desk.Mark("run", new TagMark(Ns(7), "flaps out")));

    [Test]
    public void A_kill_while_a_tag_is_extended_harms_nothing() => Interrupt(desk => desk.Add(new Tag("run", Ns(5), Ns(8))), desk => desk.Edit("run", tag => tag with { ToNs = Ns(18) }));

    [Test]
    public void A_kill_while_a_tag_is_shortened_harms_nothing() => Interrupt(desk => desk.Add(Whole("run")), desk => desk.Edit("run", tag => tag with { ToNs = Ns(8) }));

    [Test]
    public void A_kill_while_a_tag_grows_harms_nothing() => Interrupt(
        desk =>
        {
            desk.Add(new Tag("run", Ns(4), null));
            // Deletes the last links, as if these files had been finished since.
            foreach (string file in Directory.EnumerateFiles(Path.Combine(desk.Book.Root, ".tags", "run", TagBench.Channel)).Order(StringComparer.Ordinal).TakeLast(4).ToList())
                File.Delete(file);
        },
        desk => desk.Heal(),
        mayStayUndone: false);

    [Test]
    public void A_kill_while_a_tag_is_removed_harms_nothing() => Interrupt(desk => desk.Add(Whole("run")), desk => desk.Remove("run", deleteData: false));

    [Test]
    public void A_kill_while_a_tag_is_removed_with_the_last_copy_leaves_all_or_nothing() => Interrupt(
        desk =>
        {
            desk.Add(Whole("run"));
            Directory.Delete(Path.Combine(desk.Book.Root, TagBench.Channel), recursive: true);
            Directory.CreateDirectory(Path.Combine(desk.Book.Root, TagBench.Channel));
        },
        desk => desk.Remove("run", deleteData: true),
        losesData: true);

    [Test]
    public void A_kill_without_hard_links_harms_nothing_either() => Interrupt(_ => { }, desk => desk.Add(Whole("new")), hasLinks: false);

    /// <param name="prepare">Creates the state before the change.</param>
    /// <param name="change">Change that is interrupted.</param>
    /// <param name="losesData">Whether the change is meant to delete data.</param>
    /// <param name="mayStayUndone">Whether a change that was not begun may stay undone.</param>
    /// <param name="hasLinks">Whether the file system has hard links.</param>
    private void Interrupt(Action<TagDesk> prepare, Action<TagDesk> change, bool losesData = false, bool hasLinks = true, bool mayStayUndone = true)
    {
        string before = Picture(prepare, null, hasLinks), after = Picture(prepare, change, hasLinks);
        Assert.That(after, Is.Not.EqualTo(before), "the change is visible");
        for (int occasion = 0; ; occasion++)
        {
            using var root = new TempFolder();
            Copy(_recorded, root.Path);
            prepare(Desk(root.Path, Files(hasLinks)));
            SortedSet<long> records = TagBench.SequencesIn(root.Path);
            FaultyFiles files = Files(hasLinks);
            bool killed = false;
            int calls = 0;
            Func<string, int> withoutLinks = files.Fails;
            files.Fails = operation => calls++ == occasion ? throw new Killed() : withoutLinks(operation);
            try
            {
                change(Desk(root.Path, files));
            }
            catch (Killed)
            {
                killed = true;
            }

            // The next process heals the tag when it starts. Healing it again changes nothing.
            Desk(root.Path, Files(hasLinks)).Heal();
            Desk(root.Path, Files(hasLinks)).Heal();
            Assert.That(Describe(root.Path), mayStayUndone ? Is.EqualTo(before).Or.EqualTo(after) : Is.EqualTo(after), $"occasion {occasion}");
            if (!losesData)
                Assert.That(TagBench.SequencesIn(root.Path), Is.EqualTo(records), $"occasion {occasion}: no record is lost");
            if (!killed)
            {
                TestContext.Out.WriteLine($"killed at {occasion} operations");
                break;
            }

            Assert.That(occasion, Is.LessThan(Mostly), "the loop must end");
        }
    }

    private string Picture(Action<TagDesk> prepare, Action<TagDesk>? change, bool hasLinks)
    {
        using var root = new TempFolder();
        Copy(_recorded, root.Path);
        prepare(Desk(root.Path, Files(hasLinks)));
        change?.Invoke(Desk(root.Path, Files(hasLinks)));
        return Describe(root.Path);
    }

    /// <summary>Lists all files and folders, with the content of the tag definitions.</summary>
    private static string Describe(string root) => string.Join('\n', new DirectoryInfo(root).EnumerateFileSystemInfos("*", SearchOption.AllDirectories)
        .Where(entry => entry.Name != FolderLock.FileName && entry.FullName != Path.Combine(root, ".tags"))
        .Select(entry => Path.GetRelativePath(root, entry.FullName) + (entry.Name == "tag.json" ? File.ReadAllText(entry.FullName) : "")).Order(StringComparer.Ordinal));

    private static Tag Whole(string name) => new(name, Ns(4), Ns(15)) { Labels = new Dictionary<string, string> { ["pilot"] = "ann" } };

    private static long Ns(double seconds) => TimeText.NsOf(TagBench.Start + TimeSpan.FromSeconds(seconds));

    private static TagDesk Desk(string root, FaultyFiles files) => new(new TagBook(root, files, _ => null), TimeProvider.System, makesCopies: true);

    private static FaultyFiles Files(bool hasLinks) => new() { SkipsSyncs = true, Fails = operation => operation == "Link" && !hasLinks ? 1 : 0 };

    private static void Copy(string from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (string folder in Directory.EnumerateDirectories(from))
            Copy(folder, Path.Combine(to, Path.GetFileName(folder)));
        foreach (string file in Directory.EnumerateFiles(from).Where(file => Path.GetFileName(file) != FolderLock.FileName))
        {
            File.Copy(file, Path.Combine(to, Path.GetFileName(file)));
            File.SetLastWriteTimeUtc(Path.Combine(to, Path.GetFileName(file)), File.GetLastWriteTimeUtc(file));
        }
    }

    private sealed class Killed : Exception;
}
