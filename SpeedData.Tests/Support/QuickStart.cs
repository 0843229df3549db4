namespace SpeedData.Tests;

/// <summary>
/// Processes that tests start compile quickly rather than well, since they live for seconds: a server is ready after 1.0 s of CPU
/// instead of 1.6 s, and starting servers is half of what the tests compute.
/// </summary>
[SetUpFixture]
public static class QuickStart
{
    [OneTimeSetUp]
    public static void Set()
    {
        Environment.SetEnvironmentVariable("DOTNET_TieredCompilation", "1");
        Environment.SetEnvironmentVariable("DOTNET_TieredPGO", "0");
    }
}
