using Microsoft.Extensions.DependencyInjection;

namespace ProxylessMesh.Server.LoadReports;

internal static class LoadReportServices
{
    public static void AddLoadReports(this IServiceCollection services)
    {
        services.AddSingleton<LoadReporter>();
        services.AddSingleton<ReportStreams>();
        services.AddSingleton<LoadReporting>();
        services.AddSingleton<ILoadReporter>(provider => provider.GetRequiredService<LoadReporter>().Told);
    }
}
