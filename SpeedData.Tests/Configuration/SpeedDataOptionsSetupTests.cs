using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using SpeedData.Core.Configuration;
using static SpeedData.Tests.Configuration.ConfigurationBench;

namespace SpeedData.Tests.Configuration;

public sealed class SpeedDataOptionsSetupTests
{
    [Test]
    public void The_options_that_were_read_are_those_that_are_resolved()
    {
        using var bench = new ConfigurationBench();
        ConfigurationResult result = bench.Read(Channels(Channel()));
        using ServiceProvider services = new ServiceCollection().AddSpeedDataOptions(result).BuildServiceProvider();
        Assert.That(services.GetRequiredService<IOptions<SpeedDataOptions>>().Value, Is.SameAs(result.Options));
    }

    [Test]
    public void The_start_of_a_host_fails_with_all_faults()
    {
        using var bench = new ConfigurationBench();
        ConfigurationResult result = bench.Read(Channels(Channel(name: "..", port: 0)));
        using ServiceProvider services = new ServiceCollection().AddSpeedDataOptions(result).BuildServiceProvider();
        OptionsValidationException? thrown = Assert.Throws<OptionsValidationException>(() => services.GetRequiredService<IStartupValidator>().Validate());
        Assert.That(thrown!.Failures, Is.EqualTo(result.Faults.Select(f => f.ToString())).And.Exactly(2).Items);
    }
}
