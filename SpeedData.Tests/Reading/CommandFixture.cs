using SpeedData.Tests.Support;

namespace SpeedData.Tests.Reading;

/// <summary>Base of command tests. Each test has its own folder and run.</summary>
public abstract class CommandFixture
{
    private protected TempFolder Folder { get; private set; } = null!;

    private protected CommandRun Run { get; private set; } = null!;

    [SetUp]
    public void BeginRun() => (Folder, Run) = (new TempFolder(), new CommandRun());

    [TearDown]
    public void EndRun()
    {
        Run.Dispose();
        Folder.Dispose();
    }
}
