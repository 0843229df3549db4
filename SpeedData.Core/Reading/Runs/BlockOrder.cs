using SpeedData.Core.Reading.Catalogue;

namespace SpeedData.Core.Reading.Runs;

/// <summary>
/// Reads the blocks of a channel in time order: file after file, but in parallel for the files of different schemas. One thread.
/// </summary>
/// <param name="files">The files in order of their names.</param>
/// <param name="schemas">Compiled schemas.</param>
/// <param name="stop">Cancels the reading.</param>
internal sealed class BlockOrder(IReadOnlyList<ListedFile> files, SchemaCache schemas, CancellationToken stop)
{
    private const int Window = 64 << 10;

    private readonly Dictionary<string, BlockTimes> _before = new(StringComparer.Ordinal);
    private readonly List<(string Track, IEnumerator<(OpenArchive File, BlockTimes Block)> Blocks)> _open = [];
    private int _next;
    private int _current = -1;

    public OpenArchive File => _open[_current].Blocks.Current.File;

    public BlockTimes Current => _open[_current].Blocks.Current.Block;

    /// <summary>The previous block of the same schema; null for the first.</summary>
    public BlockTimes? Before { get; private set; }

    /// <summary>Whether blocks of several schemas are merged.</summary>
    public bool IsMerged => _open.Count > 1;

    public bool MoveNext()
    {
        if (_current >= 0)
        {
            _before[_open[_current].Track] = Current;
            Advance(_current);
        }

        if (_open.Count == 0)
            OpenNext();
        if (_open.Count == 0)
            return false;
        _current = Earliest();
        Before = _before.TryGetValue(_open[_current].Track, out BlockTimes before) ? before : null;
        return true;
    }

    private int Earliest()
    {
        int earliest = 0;
        for (int i = 1; i < _open.Count; i++)
        {
            if (_open[i].Blocks.Current.Block.First < _open[earliest].Blocks.Current.Block.First)
                earliest = i;
        }

        return earliest;
    }

    private void Advance(int index)
    {
        if (TryMove(_open[index].Blocks))
            return;
        _open[index].Blocks.Dispose();
        _open.RemoveAt(index);
    }

    /// <summary>Opens the next file, or a group of files of several schemas.</summary>
    private void OpenNext()
    {
        while (_open.Count == 0 && _next < files.Count)
        {
            OpenArchive? file = TryOpen(files[_next]);
            if (file is not { IsAlternative: true })
            {
                _next++;
                Begin("", file is null ? [] : Blocks(file));
                continue;
            }

            file.Dispose();
            foreach ((string track, List<ListedFile> own) in Together())
                Begin(track, own.Select(TryOpen).OfType<OpenArchive>().SelectMany(Blocks));
        }
    }

    /// <summary>Returns the files from here on that belong to several schemas, grouped by schema.</summary>
    private List<(string Track, List<ListedFile> Files)> Together()
    {
        var tracks = new List<(string Track, List<ListedFile> Files)>();
        for (; _next < files.Count; _next++)
        {
            using OpenArchive? file = TryOpen(files[_next]);
            if (file is { IsAlternative: false })
                break;
            string track = file?.Reader.Header.Schema ?? "";
            if (tracks.Find(other => other.Track == track).Files is { } known)
                known.Add(files[_next]);
            else
                tracks.Add((track, [files[_next]]));
        }

        return tracks;
    }

    private void Begin(string track, IEnumerable<(OpenArchive File, BlockTimes Block)> of)
    {
        IEnumerator<(OpenArchive, BlockTimes)> blocks = of.GetEnumerator();
        if (TryMove(blocks))
            _open.Add((track, blocks));
        else
            blocks.Dispose();
    }

    private IEnumerable<(OpenArchive, BlockTimes)> Blocks(OpenArchive file)
    {
        using (file)
        {
            using IEnumerator<BlockTimes> blocks = BlockTimes.Of(file, stop).GetEnumerator();
            while (TryMove(blocks))
                yield return (file, blocks.Current);
        }
    }

    private OpenArchive? TryOpen(ListedFile listed) => OpenArchive.TryOpen(listed, schemas, out _, Window);

    // If a file cannot be read to the end, the readable part is used.
    private static bool TryMove(System.Collections.IEnumerator blocks)
    {
        try
        {
            return blocks.MoveNext();
        }
        catch (IOException)
        {
            return false;
        }
    }
}
