namespace SpeedData.Core.Inspect;

/// <summary>Findings of one file: all are counted, the first <see cref="MostListed"/> are kept.</summary>
public sealed class FindingList
{
    /// <summary>How many are kept; a file made to harm has one every few bytes.</summary>
    public const int MostListed = 1_000;

    private const int LongestDetail = 500;

    private readonly List<Finding> _listed = [];
    private readonly SortedDictionary<FindingKind, long> _counts = [];

    public IReadOnlyList<Finding> Listed => _listed;

    /// <summary>How many of each kind there are.</summary>
    public IReadOnlyDictionary<FindingKind, long> Counts => _counts;

    public long Total { get; private set; }

    /// <summary>Whether there is room, and so whether a detail is worth its making.</summary>
    public bool IsListing => _listed.Count < MostListed;

    public void Add(FindingKind kind, long? offset, long? bytes, string detail)
    {
        Total++;
        _counts[kind] = _counts.GetValueOrDefault(kind) + 1;
        if (IsListing)
            _listed.Add(new Finding(kind, offset, bytes, detail.Length <= LongestDetail ? detail : detail[..LongestDetail] + "…"));
    }
}
