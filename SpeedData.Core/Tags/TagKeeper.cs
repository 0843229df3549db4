using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using SpeedData.Core.Archive;
using SpeedData.Core.Archive.Retention;
using SpeedData.Core.Configuration;
using SpeedData.Core.Native;
using SpeedData.Core.Tags.Auto;
using SpeedData.Core.Threading;

namespace SpeedData.Core.Tags;

/// <summary>
/// Keeps the tags of a running server: lets them grow as files are finished, makes copies where there are no hard links,
/// evaluates the rules that start and stop tags, and says to retention what must stay. No writer ever waits for it.
/// </summary>
public sealed class TagKeeper : IFileGuard, IDisposable
{
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromSeconds(1), BetweenEvaluations = TimeSpan.FromMilliseconds(250), BetweenRetries = TimeSpan.FromSeconds(10), LongestStop = TimeSpan.FromSeconds(2);

    private const int Lowest = 19;

    private readonly TagBook _book;
    private readonly TagDesk _desk;
    private readonly TagGrowth _growth;
    private readonly AutoTagger? _auto;
    private readonly TagTrouble _trouble;
    private readonly TimeProvider _time;
    private readonly PeriodicThread _looks;
    private readonly PeriodicThread? _evaluations;
    private readonly ConcurrentQueue<ArchiveName> _finished = new();
    private readonly CancellationTokenSource _stop = new();
    private Dictionary<string, Tag> _grown = [];
    private volatile TagTotals _totals = TagTotals.None;
    private DeletedFile? _unwritten;
    private long? _triedAt;
    private bool _isNice;

    /// <param name="root">The archive root.</param>
    /// <param name="options">What tags may keep, and the rules that start them automatically.</param>
    /// <param name="files">File operations; null for the platform's.</param>
    /// <param name="time">The clock.</param>
    /// <param name="log">Where it is said what cannot be kept.</param>
    public TagKeeper(string root, TagsOptions options, IArchiveFiles? files, TimeProvider time, ILogger log)
    {
        ArgumentNullException.ThrowIfNull(options);
        files ??= PortableArchiveFiles.ForThisPlatform;
        _book = new TagBook(root, files, options.MaxBytes.On);
        _desk = new TagDesk(_book, time, makesCopies: false);
        _growth = new TagGrowth(_book);
        _trouble = new TagTrouble(time, log);
        _time = time;
        _looks = new PeriodicThread("tags", BetweenLooks, Look, log);
        if (options.Auto.Count == 0)
            return;
        _auto = new AutoTagger(_desk, options.Auto, time, files);
        _evaluations = new PeriodicThread("auto tags", BetweenEvaluations, EvaluateNicely, log);
    }

    /// <summary>Starts, stops, marks and changes tags.</summary>
    public TagDesk Desk => _desk;

    public void Start()
    {
        _looks.Start();
        _looks.Hasten();
        _evaluations?.Start();
    }

    /// <summary>Something was changed by this process: it is followed up at once.</summary>
    public void Hasten() => _looks.Hasten();

    /// <summary>What all tags keep, as of the last look. Any thread; answers at once.</summary>
    public TagTotals Totals => _totals;

    string? IFileGuard.WhyItStays(ArchiveName name, bool isRoomNeeded)
    {
        try
        {
            lock (_book.Gate)
            {
                _book.Refresh();
                string? why = _book.Entries.Count == 0 ? null : Claim(name);
                if (why is not null)
                    _book.Shared.Add(name, TagBook.SizeOf(_book.OriginalOf(name.Channel, name.Finished)));
                why ??= isRoomNeeded ? null : WhyAutoWants(name);
                if (why is null)
                    _unwritten = NoteDeletion(name);
                return why;
            }
        }
        catch (TagException e)
        {
            return e.Message;
        }
    }

    bool IFileGuard.FreesNothing(ArchiveName name) => _book.Shared.Has(name);

    long IFileGuard.BytesNotFreed(string channel) => _book.Shared.Of(channel);

    void IFileGuard.Deleted(ArchiveName name)
    {
        _book.Shared.Remove(name);
        lock (_book.Gate)
        {
            // A full disk has room for the line only now.
            if (_unwritten is { } deleted && deleted.FileName == name.Finished)
                _book.Deleted.Add(name.Channel, deleted);
            _unwritten = null;
        }
    }

    void IFileGuard.Finished(ArchiveName name)
    {
        _finished.Enqueue(name);
        _looks.Hasten();
    }

    public void Dispose()
    {
        _stop.Cancel();
        _looks.TryEnd(LongestStop);
        if (_evaluations?.TryEnd(LongestStop) == true)
            _auto!.Save();
        _stop.Dispose();
    }

    /// <summary>One look at the tags and at the files that were finished.</summary>
    internal void Look()
    {
        if (!_book.Store.Exists)
        {
            _finished.Clear();
            _totals = TagTotals.None;
            return;
        }

        try
        {
            lock (_book.Gate)
                Follow();
            _growth.Copy(_stop.Token);
        }
        catch (Exception e) when (e is TagException or IOException or UnauthorizedAccessException)
        {
            _trouble.Failed(e.Message);
        }
        catch (OperationCanceledException)
        {
            // The server ends; a copy that was begun is made again.
        }

        lock (_book.Gate)
        {
            _trouble.Tell(_book);
            _totals = TagTotals.Of(_book);
        }
    }

    /// <summary>The thread of the rules yields to everything else.</summary>
    private void EvaluateNicely()
    {
        if (!_isNice && OperatingSystem.IsLinux())
            Scheduling.SetPriority(0, 0, Lowest);
        _isNice = true;
        Evaluate();
    }

    /// <summary>Why rules do not work, by their names.</summary>
    internal IEnumerable<(string Rule, string Why)> AutoFaults => _auto?.Faults ?? [];

    /// <summary>One look at what the rules are about.</summary>
    internal void Evaluate()
    {
        try
        {
            _auto!.Look(_stop.Token);
            _trouble.Tell(_auto.Faults);
        }
        catch (OperationCanceledException)
        {
            // The server ends; the rules go on where they stood.
        }
    }

    private void Follow()
    {
        bool isRetryDue = _triedAt is not { } tried || _time.GetElapsedTime(tried) >= BetweenRetries;
        bool wasRead = _book.Refresh(always: _triedAt is null);
        if (_triedAt is null)
            _book.Store.Locked(() => { _book.Store.Heal(); return 0; });
        if (wasRead || isRetryDue)
        {
            TagEntry[] due = [.. _book.Entries.Where(entry => _grown.GetValueOrDefault(entry.Tag.Name)?.WantsSameAs(entry.Tag) != true || (isRetryDue && entry.Missing.Count > 0))];
            if (due.Length > 0)
                _book.Store.Locked(() => Grow(due));
            _grown = _book.Entries.ToDictionary(entry => entry.Tag.Name, entry => entry.Tag);
        }

        if (isRetryDue)
            _triedAt = _time.GetTimestamp();
        while (_finished.TryDequeue(out ArchiveName name))
        {
            if (_book.Entries.Count > 0)
                Claim(name);
        }
    }

    private int Grow(TagEntry[] due)
    {
        bool letGo = false;
        foreach (TagEntry entry in due)
            letGo |= _growth.Grow(entry);
        if (letGo)
            _book.Refresh(always: true);
        return 0;
    }

    /// <summary>Retention deletes a file.</summary>
    /// <returns>What could not be written down; null for nothing.</returns>
    private DeletedFile? NoteDeletion(ArchiveName name)
    {
        string channel = name.Channel, file = name.Finished;
        if (_book.Spans.Of(_book.OriginalOf(channel, file)) is not { } span)
            return null;
        var deleted = new DeletedFile(file, span.First, span.Last, 1);
        _book.NoteDeleted(channel, deleted);
        return _book.Deleted.Add(channel, deleted) ? null : deleted;
    }

    /// <returns>Why the file must stay.</returns>
    private string? Claim(ArchiveName name)
    {
        string file = name.Finished;
        TagEntry[] wanting = [.. _book.Entries.Where(entry => entry.Tag.Wants(name.Channel) && !entry.Held.ContainsKey((name.Channel, file)) && MayMeet(entry.Tag, name))];
        return wanting.Length == 0 ? null : _book.Store.Locked(() => wanting.Select(entry => _growth.Claim(entry, name.Channel, file)).ToList().Find(why => why is not null));
    }

    private bool MayMeet(Tag tag, ArchiveName name) =>
        _book.Spans.Of(_book.OriginalOf(name.Channel, name.Finished)) is { } span && tag.Meets(span.First, span.Last);

    private string? WhyAutoWants(ArchiveName name) =>
        _auto is not null && _book.Spans.Of(_book.OriginalOf(name.Channel, name.Finished)) is { } span && _auto.MayWant(name.Channel, Math.Max(span.First, span.Last))
            ? "a rule of Tags:Auto may still need it"
            : null;
}
