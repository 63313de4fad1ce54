using Bookinfo.Launcher;
using Bookinfo.Roles;

return args switch
{
    ["productpage", .. var rest] => ProductPage.Run(rest),
    ["details", .. var rest] => Details.Run(rest),
    ["reviews", .. var rest] => Reviews.Run(rest),
    ["ratings", .. var rest] => Ratings.Run(rest),
    [WatchdogRole.Name, var runDirectory] => WatchdogRole.Run(runDirectory),
    [] => await LauncherCommand.ShowAsync(),
    ["--check"] => await LauncherCommand.CheckAsync(),
    _ => LauncherCommand.Usage(),
};
