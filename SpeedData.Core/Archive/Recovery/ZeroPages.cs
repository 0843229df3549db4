namespace SpeedData.Core.Archive.Recovery;

/// <summary>
/// Finds pages of a file that hold only zeros. After a power loss these pages were never written, and zeros decode as records: with
/// a schema of a long and doubles, 32 KiB of zeros are 134 valid records.
/// </summary>
internal static class ZeroPages
{
    public const int PageBytes = 4096;

    /// <summary>Finds the first whole page of zeros. The last page of the file may be shorter.</summary>
    /// <param name="bytes">Bytes of the file.</param>
    /// <param name="offset">The offset in the file at which the bytes begin.</param>
    /// <param name="fileLength">The length of the file.</param>
    /// <returns>The index in the bytes; their length if there is no such page.</returns>
    public static int First(ReadOnlySpan<byte> bytes, long offset, long fileLength)
    {
        int page = (int)(-offset & (PageBytes - 1));
        for (; page < bytes.Length; page += PageBytes)
        {
            int length = Math.Min(PageBytes, bytes.Length - page);
            bool isWhole = length == PageBytes || offset + page + length == fileLength;
            if (isWhole && !bytes.Slice(page, length).ContainsAnyExcept((byte)0))
                return page;
        }

        return bytes.Length;
    }
}
