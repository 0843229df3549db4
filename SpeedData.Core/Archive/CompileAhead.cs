using System.Reflection;
using System.Runtime.CompilerServices;
using SpeedData.Core.Archive.Index;
using SpeedData.Core.Container;
using SpeedData.Core.Native;
using SpeedData.Core.Threading;

namespace SpeedData.Core.Archive;

/// <summary>
/// Has what a first block needs compiled while the server still starts. Compiled when the block is there it takes 100 ms, and
/// a process killed meanwhile would lose what came in that time.
/// </summary>
public static class CompileAhead
{
    // Not the codecs: the packages that do their work are compiled when published, what wraps them is small, and to compile it
    // would load every package for a file that needs one of them at most.
    private static readonly Type[] WritePath =
    [
        typeof(ArchiveWriter), typeof(BlockAssembler), typeof(RollingFile), typeof(PartFiles), typeof(Rotation), typeof(Outage), typeof(FolderLock), typeof(FolderListing), typeof(ArchiveFolder), typeof(ArchiveName),
        typeof(LinuxArchiveFiles), typeof(FileCalls), typeof(PartFile), typeof(ContainerHeader), typeof(IndexFile), typeof(IndexSchema), typeof(IndexTiming), typeof(ArchiveHealth),
        typeof(SyncWorker), typeof(Crc32C), typeof(FoldedCrc32C), typeof(SteppedCrc32C), typeof(BlockIndexer), typeof(IndexEncoding), typeof(EntryBuffer), typeof(FileFinisher),
    ];

    /// <summary>Begins, on a thread of its own; whoever needs a method before it has its turn compiles it himself.</summary>
    public static void Begin() => OwnedThread.TryStart("compile", Run);

    /// <summary>The same on this thread.</summary>
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

    /// <summary>Not what the compiler makes of a record or of a property, which is seldom called or is inlined.</summary>
    private static bool IsWritten(MethodBase method) => !method.IsAbstract && !method.IsDefined(typeof(CompilerGeneratedAttribute));
}
