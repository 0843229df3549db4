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
/// Manages the tags of a running server: lets them grow as files are finished, makes copies if there are no hard links, evaluates the rules
/// that start and stop tags, and tells retention which files must stay. Never blocks a writer.
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
    /// <param name="options">The limit of tags, and the rules that start them.</param>
    /// <param name="files">File operations; null for those of the platform.</param>
    /// <param name="time">The clock.</param>
    /// <param name="log">The log for files that cannot be kept.</param>
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

    /// <summary>Processes a change by this process immediately.</summary>
    public void Hasten() => _looks.Hasten();

    /// <summary>What all tags keep, as of the last look. Any thread; never blocks.</summary>
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
            // On a full disk, there is room for the line only after the deletion.
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

    /// <summary>Processes changed tags and finished files once.</summary>
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
            // The server stops. The next start repeats an unfinished copy.
        }

        lock (_book.Gate)
        {
            _trouble.Tell(_book);
            _totals = TagTotals.Of(_book);
        }
    }

    /// <summary>Evaluates the rules at the lowest thread priority.</summary>
    private void EvaluateNicely()
    {
        if (!_isNice && OperatingSystem.IsLinux())
            Scheduling.SetPriority(0, 0, Lowest);
        _isNice = true;
        Evaluate();
    }

    /// <summary>The faults of rules that do not work, by rule name.</summary>
    internal IEnumerable<(string Rule, string Why)> AutoFaults => _auto?.Faults ?? [];

    /// <summary>Evaluates the rules once.</summary>
    internal void Evaluate()
    {
        try
        {
            _auto!.Look(_stop.Token);
            _trouble.Tell(_auto.Faults);
        }
        catch (OperationCanceledException)
        {
            // The server stops. The next start continues at the stored positions.
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

    /// <summary>Notes that retention deletes a file.</summary>
    /// <returns>The note that could not be written; null if it was written.</returns>
    private DeletedFile? NoteDeletion(ArchiveName name)
    {
        string channel = name.Channel, file = name.Finished;
        if (_book.Spans.Of(_book.OriginalOf(channel, file)) is not { } span)
            return null;
        var deleted = new DeletedFile(file, span.First, span.Last, 1);
        _book.NoteDeleted(channel, deleted);
        return _book.Deleted.Add(channel, deleted) ? null : deleted;
    }

    /// <returns>Why the file must stay; null if it may be deleted.</returns>
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
