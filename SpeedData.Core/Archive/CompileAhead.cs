using System.Reflection;
using System.Runtime.CompilerServices;
using SpeedData.Core.Archive.Index;
using SpeedData.Core.Container;
using SpeedData.Core.Native;
using SpeedData.Core.Threading;

namespace SpeedData.Core.Archive;

/// <summary>
/// Compiles the code that the first block needs while the server still starts. Compiling it when the block arrives would take
/// 100 ms, and a process killed in that time would lose its datagrams.
/// </summary>
public static class CompileAhead
{
    // Codecs are left out: their packages are compiled at publishing. Their wrappers are small, and compiling them would load
    // every package, although a file needs one at most.
    private static readonly Type[] WritePath =
    [
        typeof(ArchiveWriter), typeof(BlockAssembler), typeof(RollingFile), typeof(PartFiles), typeof(Rotation), typeof(Outage), typeof(FolderLock), typeof(FolderListing), typeof(ArchiveFolder), typeof(ArchiveName),
        typeof(LinuxArchiveFiles), typeof(FileCalls), typeof(PartFile), typeof(ContainerHeader), typeof(IndexFile), typeof(IndexSchema), typeof(IndexAppender), typeof(ArchiveHealth),
        typeof(SyncWorker), typeof(Crc32C), typeof(FoldedCrc32C), typeof(SteppedCrc32C), typeof(BlockIndexer), typeof(IndexEncoding), typeof(EntryBuffer), typeof(FileFinisher),
    ];

    /// <summary>Begins on a separate thread. A thread that needs a method earlier compiles it itself.</summary>
    public static void Begin() => OwnedThread.TryStart("compile", Run);

    /// <summary>Compiles on the calling thread.</summary>
    internal static void Run()
    {
        const BindingFlags All = BindingFlags.DeclaredOnly | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static | BindingFlags.Instance;
        foreach (Type type in WritePath)
        {
            IEnumerable<MethodBase> methods = [.. type.GetConstructors(All), .. type.GetMethods(All)];
            foreach (MethodBase method in methods.Where(IsWritten))
                RuntimeHelpers.PrepareMethod(method.MethodHandle);
        }
    }

    /// <summary>
    /// Whether the method was written by hand. Methods that the compiler generates for records and properties are rarely called, or
    /// are inlined.
    /// </summary>
    private static bool IsWritten(MethodBase method) => !method.IsAbstract && !method.IsDefined(typeof(CompilerGeneratedAttribute));
}
