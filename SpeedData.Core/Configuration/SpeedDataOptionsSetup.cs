using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace SpeedData.Core.Configuration;

/// <summary>Gives the options that were read to Microsoft.Extensions.Options.</summary>
public static class SpeedDataOptionsSetup
{
    /// <summary>
    /// <c>IOptions&lt;SpeedDataOptions&gt;</c> resolves to the options read. Where there are faults, reading them throws
    /// an <see cref="OptionsValidationException"/> with all of them, and so does the start of the host.
    /// </summary>
    public static IServiceCollection AddSpeedDataOptions(this IServiceCollection services, ConfigurationResult result)
    {
        services.AddSingleton<IOptionsFactory<SpeedDataOptions>>(new ReadOnce(result));
        services.AddOptions<SpeedDataOptions>().ValidateOnStart();
        return services;
    }

    private sealed class ReadOnce(ConfigurationResult result) : IOptionsFactory<SpeedDataOptions>
    {
        public SpeedDataOptions Create(string name) =>
            result.Options ?? throw new OptionsValidationException(name, typeof(SpeedDataOptions), result.Faults.Select(f => f.ToString()));
    }
}
