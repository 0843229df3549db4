using SpeedData.Core.Archive.Index;
using SpeedData.Core.Container;

namespace SpeedData.Core.Reading;

/// <summary>An intact block and its index entry; null if the index lacks the block.</summary>
public readonly record struct IndexedBlock(BlockFrame Frame, IndexEntry? Entry);
